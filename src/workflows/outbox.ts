import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, condition, ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { type JournalEntry, NOTICES_WORKFLOW, noticesWorkflowId, type UntoldNotices } from '../contracts/records.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import { records } from './record-proxies.ts';

/** Entries of one activity call: far below the limit of a payload. */
const BATCH = 50;

/**
 * Journal entries of a saga until they are kept. Use: `new Outbox(state.outbox)` at a run's start; `add` where something happens, as often
 * as is handy; `void outbox.flush()` before the saga waits; `await outbox.flush()` before it ends; `pending` into the state of
 * continue-as-new. What was on its way then is sent again, and dropped by whoever reads.
 */
export class Outbox {
  #pending: readonly JournalEntry[];
  /** Ids of this run, so that what is added again and again is sent once. */
  readonly #known: Set<string>;
  #flushing: Promise<void> | null = null;

  constructor(kept: readonly JournalEntry[] = []) {
    this.#pending = kept;
    this.#known = new Set(kept.map(({ id }) => id));
  }

  /** Not yet in the journal for certain, oldest first. */
  get pending(): readonly JournalEntry[] {
    return this.#pending;
  }

  /** An entry whose id this run has had is left out. */
  add(...entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (this.#known.has(entry.id)) continue;
      this.#known.add(entry.id);
      this.#pending = [...this.#pending, entry];
    }
  }

  /**
   * Ends when all that was added, meanwhile too, is in the journal: it may take as long as the journal is away, and goes on when the workflow is
   * cancelled. It never waits for a receiver of notices. Called again while it runs, it is the same one; it does not fail.
   */
  flush(): Promise<void> {
    if (this.#flushing === null && this.#pending.length > 0) this.#flushing = CancellationScope.nonCancellable(() => this.#drain());
    return this.#flushing ?? Promise.resolve();
  }

  /** Waits for the end of `flush`, but not while something else `isWanted`; true when all is in the journal and nothing is wanted. */
  async flushUnless(isWanted: () => boolean): Promise<boolean> {
    let isDone = false;
    void this.flush().then(() => {
      isDone = true;
    });
    await CancellationScope.nonCancellable(() => condition(() => isDone || isWanted()));
    return !isWanted();
  }

  async #drain(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const entries = this.#pending.slice(0, BATCH);
        const { untold, retryAfterMs: waitMs } = await records.publish.executeWithOptions({ summary: summaryOf(entries) }, [{ entries }]);
        if (untold.length > 0) await leaveToOthers({ entries: untold, ...(waitMs !== undefined && { waitMs }) });
        this.#pending = this.#pending.slice(entries.length);
      }
    } finally {
      // In the same turn as the last look at what is pending: nothing can be added in between.
      this.#flushing = null;
    }
  }
}

/** A workflow of its own goes on with them, and outlives this one. */
async function leaveToOthers(notices: UntoldNotices): Promise<void> {
  try {
    await startChild(NOTICES_WORKFLOW, {
      workflowId: noticesWorkflowId(notices),
      args: [notices],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: summaryOf(notices.entries),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

const summaryOf = (entries: readonly JournalEntry[]): string => shortSummary(entries.map(({ kind }) => kind).join(', '));
