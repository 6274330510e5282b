import type { TimelineEntry } from '../contracts/commands.ts';
import { ReportsOut } from './reports-out.ts';

const KEPT_TIMELINE = 100;

/** What the states of all sagas have; `dueAt` in epoch milliseconds. */
type Remembered = {
  readonly timeline: readonly TimelineEntry[];
  readonly trouble: string | null;
  readonly dueAt: number | null;
  readonly polls: number;
};

/** How every saga remembers: its state, its timeline, what the present step failed at, and what it has to report. */
export abstract class SagaMemory<State extends Remembered> {
  #state: State;
  /** The present step did not come through. */
  #hasFailed = false;
  protected readonly reports = new ReportsOut();

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  get isOverdue(): boolean {
    return this.#state.dueAt !== null && Date.now() >= this.#state.dueAt;
  }

  happened(what: string): void {
    this.set({ timeline: [...this.#state.timeline, { at: new Date().toISOString(), what }].slice(-KEPT_TIMELINE) });
  }

  recordPoll(): void {
    this.set({ polls: this.#state.polls + 1 });
  }

  stepBegins(): void {
    this.#hasFailed = false;
  }

  /** What the present step failed at, or what was refused, in words: shown until a step comes through without. */
  failed(what: string): void {
    const trouble = what.slice(0, 500);
    if (trouble !== this.#state.trouble) this.happened(`What failed: ${trouble}`);
    this.set({ trouble });
    this.#hasFailed = true;
  }

  /** The step is over. */
  noTrouble(): void {
    if (this.#hasFailed || this.#state.trouble === null) return;
    this.set({ trouble: null });
    this.show();
  }

  /** Reports are on their way. */
  get isReporting(): boolean {
    return !this.reports.isEmpty;
  }

  /** Before the saga waits or ends. */
  reportsSent(): Promise<void> {
    return this.reports.sent();
  }

  /** Tells the Web UI where it stands. */
  abstract show(): void;

  protected set(change: Partial<Remembered> | Partial<State>): void {
    this.#state = { ...this.#state, ...change };
  }
}
