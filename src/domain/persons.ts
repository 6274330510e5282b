import type { RefundId } from './ids.ts';
import type { PersonAnswer } from './person-answer.ts';

/** What persons want of one refund, as far as nobody took it back. */
export type Wishes = {
  readonly denied: Extract<PersonAnswer, { kind: 'deny' }> | null;
  readonly cancelled: Extract<PersonAnswer, { kind: 'cancel' }> | null;
  readonly approvals: readonly Extract<PersonAnswer, { kind: 'approve' }>[];
  /** Keys of attempts that a person wants followed by another. */
  readonly retries: ReadonlySet<string>;
};

/** A `withdraw` ends what was answered before it; a denial or a cancellation stands until then, whatever is answered after it. */
export function wishesOn(refundId: RefundId, answers: readonly PersonAnswer[]): Wishes {
  const own = answers.filter((answer) => answer.refundId === refundId);
  const valid = own.slice(own.findLastIndex(({ kind }) => kind === 'withdraw') + 1);
  const commands = new Set<string>();
  const once = valid.filter(({ commandId }) => !commands.has(commandId) && commands.add(commandId));
  return {
    denied: once.find((answer) => answer.kind === 'deny') ?? null,
    cancelled: once.find((answer) => answer.kind === 'cancel') ?? null,
    approvals: once.filter((answer) => answer.kind === 'approve'),
    retries: new Set(own.filter((answer) => answer.kind === 'retry').map(({ after }) => after)),
  };
}
