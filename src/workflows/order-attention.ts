import type { OrderState } from '../contracts/order-state.ts';
import { attentionEntry, orderSubject } from '../contracts/record-entries.ts';
import { hashOf } from '../domain/fingerprint.ts';
import { showOrderAttention } from './operator-view.ts';
import { Outbox } from './outbox.ts';

const TEXT = 500;

type Flag = NonNullable<OrderState['flagged']>;

/** What of an order itself needs a person: on the list while it stands, and said once in the journal and to the merchant. */
export class OrderAttention {
  readonly #at: OrderState['at'];
  readonly #outbox: Outbox;
  #flag: Flag | null;

  constructor({ at, flagged = null, outbox }: Pick<OrderState, 'at' | 'flagged' | 'outbox'>) {
    this.#at = at;
    this.#flag = flagged;
    this.#outbox = new Outbox(outbox);
    void this.#outbox.flush();
  }

  /** To go on with in a new run. */
  kept(): Pick<OrderState, 'flagged' | 'outbox'> {
    return { flagged: this.#flag, outbox: this.#outbox.pending };
  }

  /** After each look; `unreadable` is why the order cannot be read, when that is a person's matter. */
  looked({ stopped, failingSince }: Pick<OrderState, 'stopped' | 'failingSince'>, unreadable: string | null): void {
    if (unreadable !== null) {
      // What is newly told of it meanwhile makes its time begin anew: that is no other occasion.
      const occasion = this.#flag?.reason === 'ORDER_UNREADABLE' ? this.#flag.occasion : (failingSince ?? 0);
      const why = `The last look at the order did not come through: ${unreadable.slice(0, TEXT)}`;
      this.#raise({ reason: 'ORDER_UNREADABLE', occasion }, why);
    } else if (stopped !== null) {
      this.#raise({ reason: 'MONEY_STOPPED', occasion: hashOf([stopped]) }, stopped); // it names one stop, and since when
    } else if (this.#flag !== null) {
      showOrderAttention(null);
      this.#flag = null;
    }
    void this.#outbox.flush();
  }

  #raise(flag: Flag, why: string): void {
    const before = this.#flag;
    this.#flag = flag;
    if (flag.reason !== before?.reason) showOrderAttention(flag.reason);
    if (flag.reason === before?.reason && flag.occasion === before.occasion) return;
    this.#outbox.add(attentionEntry(orderSubject(this.#at), { ...flag, why, dueAt: null }, new Date().toISOString()));
  }

  /** Before the order's workflow ends: false when something else is wanted before the journal has all of it. */
  lastWords(isWanted: () => boolean): Promise<boolean> {
    return this.#outbox.flushUnless(isWanted);
  }
}
