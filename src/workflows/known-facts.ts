import type { Look } from '../contracts/activities.ts';
import type { Instruction, OrderMessage, SagaReport } from '../contracts/messages.ts';
import type { OrderState } from '../contracts/order-state.ts';
import { grouped } from '../domain/grouped.ts';
import type { RefundId } from '../domain/ids.ts';
import type { OrderFacts } from '../domain/order-facts.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';

const NOTICES_KEPT = 200;

type Kept = Pick<OrderState, 'answers' | 'resolutions' | 'notices' | 'refusedVoids'>;

/** What a coordinator knows of its order beside what a look reads: what persons said, when the OMS told of what, which voids it refused. */
export class KnownFacts {
  readonly #at: OrderState['at'];
  #answers: ReadonlyMap<RefundId, readonly PersonAnswer[]>;
  #resolutions: readonly Resolution[];
  #notices: OrderState['notices'];
  #refusedVoids: readonly string[];

  constructor({ at, answers, resolutions, notices, refusedVoids }: Kept & Pick<OrderState, 'at'>) {
    this.#at = at;
    this.#answers = grouped(answers, ({ refundId }) => refundId);
    this.#resolutions = resolutions;
    this.#notices = notices;
    this.#refusedVoids = refusedVoids;
  }

  /** All that a decision stands on but the claims. What the OMS keeps of persons' verdicts wins over what was only kept here. */
  with({ readAt, bwp, captured, ledger, returns, resolutions }: Look): Omit<OrderFacts, 'claims'> {
    const stored = resolutions ?? [];
    return {
      at: this.#at,
      readAt,
      bwp,
      captured,
      ledger,
      returns,
      ...this.kept(),
      resolutions: [...stored, ...this.#resolutions.filter(({ key }) => stored.every((other) => other.key !== key))],
    };
  }

  /** A saga's report carries all that persons answered it; one that took the place of a lost one does not know what that was answered. */
  reported({ refundId, answers, resolutions = [], refusedVoid }: SagaReport): void {
    for (const resolution of resolutions) this.resolved(resolution);
    const told = new Set(answers.map(({ commandId }) => commandId));
    const before = (this.#answers.get(refundId) ?? []).filter(({ commandId }) => !told.has(commandId));
    this.#answers = new Map(this.#answers).set(refundId, [...before, ...answers]);
    if (refusedVoid !== null && !this.#refusedVoids.includes(refusedVoid)) this.#refusedVoids = [...this.#refusedVoids, refusedVoid];
  }

  /** For the saga of a refund, which may have come after the one that was answered; verdicts that only stand here outlive this run there. */
  saidOn(refundId: RefundId): Pick<Instruction, 'answers' | 'resolutions'> {
    const answers = this.#answers.get(refundId) ?? [];
    const resolutions = this.#resolutions;
    return { ...(answers.length > 0 && { answers }), ...(resolutions.length > 0 && { resolutions }) };
  }

  /** When the newest verdict that only stands here was given, epoch milliseconds; null without one. */
  get lastVerdictAt(): number | null {
    return this.#resolutions.length === 0 ? null : Math.max(...this.#resolutions.map(({ at }) => Date.parse(at)));
  }

  /** The newest verdict on a key counts, whoever brings it and when. */
  resolved(resolution: Resolution): void {
    const before = this.#resolutions.find(({ key }) => key === resolution.key);
    if (before !== undefined && Date.parse(before.at) >= Date.parse(resolution.at)) return;
    this.#resolutions = [...this.#resolutions.filter(({ key }) => key !== resolution.key), resolution];
  }

  /** The first notice of an entry that began outside BwP: from it on the time runs (money.md C10). */
  noticed({ type, key }: Extract<OrderMessage, { readonly kind: 'oms_notice' }>): void {
    const isOutside = type === 'EXTERNAL_REFUND_CHANGED' || type === 'DISPUTE_CHANGED';
    if (!isOutside || key === null || this.#notices.some((notice) => notice.key === key)) return;
    this.#notices = [...this.#notices, { key, at: new Date().toISOString() }].slice(-NOTICES_KEPT);
  }

  kept(): Kept {
    return {
      answers: [...this.#answers.values()].flat(),
      resolutions: this.#resolutions,
      notices: this.#notices,
      refusedVoids: this.#refusedVoids,
    };
  }
}
