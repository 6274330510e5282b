import type { Journal } from '../clients/journal/journal.ts';
import type { SignedPost } from '../clients/notices/signed-post.ts';
import { WireError } from '../clients/wire-error.ts';
import { isNotice, type JournalEntry, type PublishActivities, type Untold } from '../contracts/records.ts';
import { attempt } from './failures.ts';

/** Where records go; handed in by the worker. */
export type RecordParts = {
  readonly journal: Journal;
  /** Null: nobody is told. */
  readonly notices: SignedPost | null;
};

/** So long after its start `publish` leaves what is not sent to others: its time limit has to hold over a slow receiver, too. */
const TELLING_MS = 10_000;

/** The receiver says that it will never take notices again; the Standard Webhooks specification gives this status that meaning. */
const GONE = 'HTTP_410';

/** Records of sagas: the journal first, so that nobody hears of what is not kept. */
export const createPublishActivities = ({ journal, notices }: RecordParts): PublishActivities => ({
  publish: ({ entries }) =>
    attempt(async (signal) => {
      const patience = Date.now() + TELLING_MS;
      await journal(
        entries.map((entry) => ({ id: entry.id, json: JSON.stringify(entry) })),
        signal,
      );
      if (notices === null) return { untold: [] };
      const due = entries.filter(isNotice);
      for (const [index, entry] of due.entries()) {
        if (Date.now() > patience) return { untold: due.slice(index) };
        const advice = await adviceAgainst(notices, entry, signal);
        if (advice !== null) return { untold: due.slice(index), ...advice };
      }
      return { untold: [] };
    }),
  sendNotice: ({ entry }) =>
    attempt(async (signal) => {
      if (notices === null) return 'dropped';
      return tell(notices, entry, signal);
    }),
});

/** Null when it was told; else what the receiver said of another try. */
async function adviceAgainst(notices: SignedPost, entry: JournalEntry, signal: AbortSignal): Promise<Pick<Untold, 'retryAfterMs'> | null> {
  try {
    await tell(notices, entry, signal);
    return null;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs };
  }
}

async function tell(notices: SignedPost, entry: JournalEntry, signal: AbortSignal): Promise<'told' | 'dropped'> {
  try {
    await notices({ what: `send notice ${entry.id}`, id: entry.id, body: JSON.stringify(entry) }, signal);
    return 'told';
  } catch (error) {
    if (error instanceof WireError && error.code === GONE) return 'dropped';
    throw error;
  }
}
