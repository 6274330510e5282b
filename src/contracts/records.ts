import { hashOf } from '../domain/fingerprint.ts';
import type { OrderRef } from '../domain/ids.ts';
import type { SideKind } from './side-sagas.ts';

/** What may stand beside an entry's text: JSON-safe facts. Amounts are minor units beside a `currency`. No customer data (G11). */
export type RecordFact = string | number | boolean | null | readonly RecordFact[] | { readonly [name: string]: RecordFact };

/** Which saga an entry is of: its kind, and the id of what it is about; `order` is of the order itself, by its coordinator. */
export type RecordedSaga = { readonly kind: 'refund' | 'order' | SideKind; readonly id: string };

/** `payout` is money that moved, or came back; `answer` is a person's. */
export type JournalKind = 'decision' | 'answer' | 'payout' | 'attention' | 'reminder' | 'final';

/**
 * One line of the journal, and the body of a notice. Written at least once: whoever reads drops repeats by `id`, which is made of business
 * identity, so that no new run, reset or retry gives the same fact another one.
 */
export type JournalEntry = {
  readonly v: 1;
  readonly id: string;
  /** When it happened (ISO 8601): a payout by the OMS's clock, all else by the saga's. */
  readonly at: string;
  readonly kind: JournalKind;
  readonly order: OrderRef;
  readonly saga: RecordedSaga;
  /** For a person: what, and why. */
  readonly text: string;
  readonly data: Readonly<Record<string, RecordFact>>;
};

/** Of these the merchant is told; answers and payouts stand in the journal only. */
export const isNotice = ({ kind }: JournalEntry): boolean => kind === 'decision' || kind === 'attention' || kind === 'reminder' || kind === 'final';

/** Notices that have still to be sent and, where the receiver asked for that, after how many milliseconds. */
export type Untold = { readonly untold: readonly JournalEntry[]; readonly retryAfterMs?: number };

/** What sagas leave behind of themselves. Both may be repeated. */
export interface PublishActivities {
  /**
   * Appends all entries to the journal, then sends the notices among them, each once, in order, up to the first that is not taken.
   * What has still to be sent is left to others: a dead receiver holds nobody up here.
   * @throws any failure when the journal cannot be written: nothing was sent then, and another try is always right.
   */
  publish(batch: { readonly entries: readonly JournalEntry[] }): Promise<Untold>;
  /**
   * One attempt of one notice. `dropped`: the receiver says that it is gone for good (410).
   * @throws Throttled with the receiver's advice as retry delay, and a failure for every other answer than 2xx: another try is always right.
   */
  sendNotice(notice: { readonly entry: JournalEntry }): Promise<'told' | 'dropped'>;
}

/** The workflow that goes on with notices which were not taken at once; its only argument. */
export type UntoldNotices = { readonly entries: readonly JournalEntry[]; readonly waitMs?: number };

/** What became of them: ids of those which were never taken. */
export type NoticesResult = { readonly dropped: readonly string[] };

export const NOTICES_WORKFLOW = 'notices';

/** The same batch has the same id, so that one of them runs. */
export const noticesWorkflowId = ({ entries }: UntoldNotices): string => `notices:${entries[0]?.id ?? ''}:${hashOf(entries.map(({ id }) => id))}`;
