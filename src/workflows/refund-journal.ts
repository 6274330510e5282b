import type { Command } from '../contracts/commands.ts';
import {
  answerEntry,
  attentionEntry,
  decisionEntry,
  finalEntry,
  payoutEntries,
  refundSubject,
  reminderEntry,
  resolutionEntry,
  retryEntry,
} from '../contracts/record-entries.ts';
import type { RefundState } from '../contracts/sagas.ts';
import { failedText, whatFailed } from '../contracts/what-failed.ts';
import { explain } from '../domain/explain.ts';
import { hashOf } from '../domain/fingerprint.ts';
import type { LedgerEntry } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import { fingerprint } from '../domain/refund-decision.ts';
import { amountOf } from './operator-view.ts';
import { Outbox } from './outbox.ts';

/** What of a refund saga goes to the journal, in its words. */
export class RefundJournal {
  readonly #at: RefundState['at'];
  readonly #subject: ReturnType<typeof refundSubject>;
  readonly #outbox: Outbox;

  constructor({ at, refundId, outbox }: Pick<RefundState, 'at' | 'refundId' | 'outbox'>) {
    this.#at = at;
    this.#subject = refundSubject(at, refundId);
    this.#outbox = new Outbox(outbox);
  }

  get pending(): Outbox['pending'] {
    return this.#outbox.pending;
  }

  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  flushUnless(isWanted: () => boolean): Promise<boolean> {
    return this.#outbox.flushUnless(isWanted);
  }

  decided({ instruction: { decision, policy } }: RefundState): void {
    this.#outbox.add(decisionEntry(this.#at, decision, policy.version, now()));
  }

  answered(answer: PersonAnswer, currency: string | null): void {
    this.#outbox.add(answerEntry(this.#at, answer, currency));
  }

  askedAgain(command: Command, key: string): void {
    this.#outbox.add(retryEntry(this.#subject, command, key, now()));
  }

  resolved(resolution: Resolution): void {
    this.#outbox.add(resolutionEntry(this.#subject, resolution));
  }

  paid(entry: LedgerEntry): void {
    this.#outbox.add(...payoutEntries(this.#subject, entry, now()));
  }

  /** Where it has come into a person's hands. */
  attention(state: RefundState): void {
    if (state.attention !== null) this.#outbox.add(attentionEntry(this.#subject, wanted(state, state.attention), now()));
  }

  reminded(state: RefundState, nth: number): void {
    const { attention } = state;
    if (attention !== null) this.#outbox.add(reminderEntry(this.#subject, { ...wanted(state, attention), nth }, now()));
  }

  ended(kept: RefundState): void {
    const { state, entry, instruction } = kept;
    const currency = amountOf(kept)?.currency ?? null;
    this.#outbox.add(finalEntry(this.#subject, { state, paid: entry?.paid ?? 0, currency, why: explain(instruction.decision) }, now()));
  }
}

const wanted = ({ dueAt, instruction: { decision }, trouble, call }: RefundState, reason: NonNullable<RefundState['attention']>) => ({
  reason,
  why: explain(decision) + failedText(whatFailed({ trouble, call })),
  dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
  occasion: hashOf([fingerprint(decision)]),
});

const now = (): string => new Date().toISOString();
