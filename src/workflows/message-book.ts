import type { OrderMessage, SagaNews } from '../contracts/messages.ts';
import type { MessageCounts, OrderState } from '../contracts/order-state.ts';

const SEEN_KEPT = 500;

type Kept = Pick<OrderState, 'seen' | 'counts' | 'unresolved' | 'expected' | 'failingSince' | 'outside' | 'insisted'>;

/**
 * What became of the messages of an order: accepted = applied + duplicate + parked once nothing is unresolved (G5). A message is
 * unresolved until a look has come through that shows what it told of.
 */
export class MessageBook {
  #seen: readonly string[];
  #counts: MessageCounts;
  #unresolved: number;
  /** Refunds and returns that events told of and no look has shown. */
  #expected: readonly string[];
  #failingSince: number | null;
  /** Somebody outside asked for the look that is due; a person, if `insisted`: sagas then hear their decision even when they know it. */
  #outside: boolean;
  #insisted: boolean;

  constructor(kept: Kept) {
    this.#seen = kept.seen;
    this.#counts = kept.counts;
    this.#unresolved = kept.unresolved;
    this.#expected = kept.expected;
    this.#failingSince = kept.failingSince;
    this.#outside = kept.outside;
    this.#insisted = kept.insisted;
  }

  get counts(): MessageCounts {
    return this.#counts;
  }

  get unresolved(): number {
    return this.#unresolved;
  }

  get outside(): boolean {
    return this.#outside;
  }

  get insisted(): boolean {
    return this.#insisted;
  }

  has(id: string): boolean {
    return this.#seen.includes(id);
  }

  /** Counts a message in; false when its id was seen before. */
  take(message: Exclude<OrderMessage, SagaNews>): boolean {
    this.#count('accepted', 1);
    if (this.has(message.id)) {
      this.#count('duplicate', 1);
      return false;
    }
    this.#seen = [...this.#seen, message.id].slice(-SEEN_KEPT);
    this.#unresolved += 1;
    this.#outside = true;
    if (message.kind === 'look_again') this.#insisted = true;
    if (message.kind === 'bwp_event') this.#expect(expectedOf(message));
    return true;
  }

  /** A look came through and showed these refunds and returns; `acted`: it led to something. Answers those it should have shown and did not. */
  lookedAt(shown: readonly string[], acted: boolean): readonly string[] {
    this.#insisted = this.#outside = false;
    this.#expected = this.#expected.filter((name) => !shown.includes(name));
    if (this.#expected.length > 0) return this.#expected;
    this.#failingSince = null;
    this.#resolve(acted ? 'applied' : 'duplicate');
    return [];
  }

  /**
   * The order could not be read, for good, or does not show what it should: its messages stay unresolved until a later look comes
   * through. Past `deadline` (milliseconds) they are parked, so that a coordinator of an order that nobody knows comes to an end.
   */
  lookFailed(now: number, deadline: number): void {
    this.#failingSince ??= now;
    if (now - this.#failingSince < deadline) return;
    this.#resolve('parked');
    this.#expected = [];
  }

  kept(): Kept {
    return {
      seen: this.#seen,
      counts: this.#counts,
      unresolved: this.#unresolved,
      expected: this.#expected,
      failingSince: this.#failingSince,
      outside: this.#outside,
      insisted: this.#insisted,
    };
  }

  #expect(names: readonly string[]): void {
    const fresh = names.filter((name) => !this.#expected.includes(name));
    if (fresh.length === 0) return;
    this.#expected = [...this.#expected, ...fresh];
    this.#failingSince = null; // its time begins now
  }

  #resolve(as: 'applied' | 'duplicate' | 'parked'): void {
    this.#count(as, this.#unresolved);
    this.#unresolved = 0;
  }

  #count(as: keyof MessageCounts, more: number): void {
    this.#counts = { ...this.#counts, [as]: this.#counts[as] + more };
  }
}

type BwpEvent = Extract<OrderMessage, { readonly kind: 'bwp_event' }>;

const expectedOf = ({ refundIds, returnIds }: BwpEvent): readonly string[] => [...refundIds.map(refundName), ...returnIds.map(returnName)];

/** How what events told of is named, here and to people. */
export const refundName = (id: string): string => `refund ${id}`;
export const returnName = (id: string): string => `return ${id}`;
