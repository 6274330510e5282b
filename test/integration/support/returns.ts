import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import type { World } from './world.ts';

type Json = { readonly [name: string]: unknown };
/** Which parcel or line is meant, and of which return: the first of the first. */
type Place = { readonly nth?: number; readonly of?: number } & Json;

/** The return as the OMS holds it. */
export type Told = { readonly id: string; readonly version: number; readonly state: string };

/** What shoppers and Amazon's warehouses do with returns `rt-1`, `rt-2` of packages `rp-1`, … and lines `rl-1`, …, and what the OMS hears of it. */
export function shoppersReturns(world: () => World) {
  const admin = (order: string, method: string, path: string, body: Json): Promise<unknown> =>
    world().sandboxes.bwpAdmin(method, `/orders/${encodeURIComponent(order)}/returns${path}`, body);

  /** What the OMS was told, by id. */
  const told = async (order: string): Promise<readonly Told[]> => {
    const { returns } = (await world().sandboxes.omsAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as { returns: { told: readonly Told[] } };
    return returns.told.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  };

  return {
    /** One unit of the first line in one package, unless `body` says otherwise. */
    opened: (order: string, body: Json = {}): Promise<unknown> =>
      admin(order, 'POST', '', {
        id: 'rt-1',
        reason: 'NO_LONGER_NEEDED',
        comment: 'Too bright.',
        packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }],
        ...body,
      }),
    change: (order: string, to: Json): Promise<unknown> => admin(order, 'PATCH', '/rt-1', to),
    moved: (order: string, to: string, { nth = 1, of = 1, ...more }: Place = {}): Promise<unknown> =>
      admin(order, 'POST', `/rt-${of}/packages/rp-${nth}/move`, { to, refund: null, ...more }),
    graded: (order: string, condition: string, { nth = 1, of = 1, ...more }: Place = {}): Promise<unknown> =>
      admin(order, 'POST', `/rt-${of}/lines/rl-${nth}/grade`, { conditions: [{ condition, units: 1 }], ...more }),
    told,
    /** Until the OMS holds its first return like that. */
    omsHears: (order: string, picture: object): Promise<readonly Told[]> =>
      eventually(
        () => told(order),
        ([first]) => {
          try {
            expect(first).toMatchObject(picture);
            return true;
          } catch {
            return false;
          }
        },
      ),
  };
}
