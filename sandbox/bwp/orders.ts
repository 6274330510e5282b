import type { Alias, OrderRecord } from './order-record.ts';

/** An accepted updateOrder: what a tester reads to see what a client really sent. */
export type AcceptedUpdate = { readonly at: string; readonly apiVersion: string; readonly arguments: unknown };

type Shelf = { readonly versions: OrderRecord[]; readonly updates: AcceptedUpdate[] };

/** All orders in memory, each with its earlier versions (for stale reads) and the updates it accepted. Ids are unique over all business products. */
export class Orders {
  readonly #shelves = new Map<string, Shelf>();

  /** Puts an order on the shelf, in the place of one with the same id. */
  add(order: OrderRecord): void {
    this.#shelves.set(order.id, { versions: [order], updates: [] });
  }

  /** The order as it is, or as it was `versionsBack` changes ago (the first version when there are fewer). */
  find(id: string, versionsBack = 0): OrderRecord | undefined {
    const versions = this.#shelves.get(id)?.versions;
    return versions?.[Math.max(0, versions.length - 1 - versionsBack)];
  }

  findByAlias(businessProductId: string, alias: Alias): OrderRecord | undefined {
    return this.all().find(
      (order) =>
        order.businessProductId === businessProductId &&
        order.aliases.some(({ aliasType, aliasId }) => aliasType === alias.aliasType && aliasId === alias.aliasId),
    );
  }

  /** Puts a new version of a known order in place. */
  replace(order: OrderRecord, update?: AcceptedUpdate): void {
    const shelf = this.#shelves.get(order.id);
    if (!shelf) throw new RangeError(`order ${order.id} does not exist`);
    shelf.versions.push(order);
    if (update) shelf.updates.push(update);
  }

  updatesOf(id: string): readonly AcceptedUpdate[] {
    return this.#shelves.get(id)?.updates ?? [];
  }

  all(): OrderRecord[] {
    return [...this.#shelves.values()].flatMap(({ versions }) => versions.slice(-1));
  }

  clear(): void {
    this.#shelves.clear();
  }
}
