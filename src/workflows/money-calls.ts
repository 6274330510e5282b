import type { Grant, GrantOutcome } from '../contracts/messages.ts';
import type { OrderState } from '../contracts/order-state.ts';
import type { RefundId } from '../domain/ids.ts';
import type { Ledger, Payment } from '../domain/order.ts';
import type { Resolution } from '../domain/person-answer.ts';

type Kept = Pick<OrderState, 'grant' | 'grantsGiven' | 'claims' | 'fruitless'>;

/** The money calls of an order: the one grant that is out (G3), and the claims that the ledger does not show yet (money.md 6). */
export class MoneyCalls {
  #grant: Grant | null;
  #grantsGiven: number;
  #claims: readonly Payment[];
  #fruitless: number;
  /** Keys of calls that a person resolved: nobody waits for the ledger to show them. */
  #resolved: ReadonlySet<string> = new Set();

  constructor(kept: Kept) {
    this.#grant = kept.grant;
    this.#grantsGiven = kept.grantsGiven;
    this.#claims = kept.claims;
    this.#fruitless = kept.fruitless;
  }

  get grant(): Grant | null {
    return this.#grant;
  }

  get claims(): readonly Payment[] {
    return this.#claims;
  }

  /** Grants that come back unused time after time (a ledger that is read stale, say) are not given at full speed. */
  get areFruitless(): boolean {
    return this.#fruitless > 1;
  }

  /** Refunds whose money call is out, or not in the ledger yet; a call that a person resolved may never come there. */
  refundIds(): RefundId[] {
    return [...this.#claims.filter(({ key }) => !this.#resolved.has(key)), ...(this.#grant === null ? [] : [this.#grant.payment])].map(
      ({ refundId }) => refundId,
    );
  }

  /** A claim is dropped once a look that began after its grant shows its key. */
  seeLedger(ledger: Ledger | null, resolutions: readonly Resolution[]): void {
    this.#resolved = new Set(resolutions.map(({ key }) => key));
    const known = new Set<string>(ledger?.entries.map(({ key }) => key));
    this.#claims = this.#claims.filter(({ key }) => !known.has(key));
  }

  next(given: Omit<Grant, 'id' | 'resumed'>): Grant {
    this.#grantsGiven += 1;
    return { ...given, id: `${given.run}.${this.#grantsGiven}`, resumed: false };
  }

  /** Recorded before anything is sent, so that the claim is there whatever happens next. */
  give(grant: Grant): void {
    this.#grant = grant;
    this.#drop(grant);
    this.#claims = [...this.#claims, grant.payment];
  }

  /** Nobody took it. */
  takeBack(grant: Grant): void {
    this.#grant = null;
    this.#drop(grant);
  }

  /** The saga that held it is gone: whoever comes next goes on with it, beginning with a read-back. */
  handOn(grant: Grant): void {
    this.#grant = grant;
  }

  /** What a saga says of a grant; true when the order has to be decided anew. */
  settle(grant: Grant, outcome: GrantOutcome): boolean {
    if (outcome === 'open') {
      // Given by a run before this one: its call is in flight, so it counts, and no other is granted beside it.
      this.#grant ??= grant;
      this.#claim(grant);
      return false;
    }
    if (this.#grant?.id === grant.id) {
      this.#fruitless = outcome === 'answered' || outcome === 'resolved' ? 0 : this.#fruitless + 1;
      this.#grant = null;
    } else if (this.#grant?.payment.key === grant.payment.key) return false; // of an earlier grant of the same call
    if (outcome === 'answered') return false;
    // What a person resolved counts on, as the person said, in every later run as well.
    if (outcome === 'resolved') this.#claim(grant);
    else this.#drop(grant);
    return true;
  }

  kept(): Kept {
    return { grant: this.#grant, grantsGiven: this.#grantsGiven, claims: this.#claims, fruitless: this.#fruitless };
  }

  #claim({ payment }: Grant): void {
    if (!this.#claims.some(({ key }) => key === payment.key)) this.#claims = [...this.#claims, payment];
  }

  #drop({ payment }: Grant): void {
    this.#claims = this.#claims.filter(({ key }) => key !== payment.key);
  }
}
