import type { RefundId } from './ids.ts';
import type { PersonAnswer, Resolution } from './person-answer.ts';

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
  const commands = new Set<string>();
  const own = answers.filter((answer) => answer.refundId === refundId && !commands.has(answer.commandId) && commands.add(answer.commandId));
  const once = own.slice(own.findLastIndex(({ kind }) => kind === 'withdraw') + 1);
  return {
    denied: once.find((answer) => answer.kind === 'deny') ?? null,
    cancelled: once.find((answer) => answer.kind === 'cancel') ?? null,
    approvals: once.filter((answer) => answer.kind === 'approve'),
    retries: new Set(once.filter((answer) => answer.kind === 'retry').map(({ after }) => after)),
  };
}

export type Verdict = Exclude<Resolution['outcome'], 'accepted'>;

/** What persons found out about payments, by key; the newest counts. `accepted` is about an excess, not about one payment. */
export const verdictsOf = (resolutions: readonly Resolution[]): ReadonlyMap<string, Verdict> =>
  new Map(resolutions.flatMap(({ key, outcome }) => (outcome === 'accepted' ? [] : [[key, outcome] as const])));

/** Two spellings of one name are one person. */
export const personOf = (actor: string): string => actor.trim().normalize('NFKC').toLowerCase();
