import type { SagaState } from '../contracts/sagas.ts';
import type { SideMessage, SideReport, SideState } from '../contracts/side-sagas.ts';
import type { Resolution } from '../domain/person-answer.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import { reportToCoordinator } from './saga-channel.ts';
import { showSide, upsertSide } from './side-view.ts';

const ENDED: readonly SagaState[] = ['DONE', 'CANCELLED', 'NEVER_SENT'];

/** What a saga without money remembers, how it takes messages in, and how it says where it stands. */
export class SideSaga {
  #state: SideState;
  #ended = false;
  readonly #reports: Promise<void>[] = [];

  constructor(state: SideState) {
    this.#state = state;
  }

  get state(): SideState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#ended;
  }

  takeIn(message: SideMessage): void {
    if (message?.kind !== 'instruct' || message.instruction?.wanted?.saga !== this.#state.instruction.wanted.saga) return; // not of a coordinator
    if (message.instruction.run < this.#state.instruction.run) return; // of a coordinator run that has been followed by another
    this.#ended = false;
    this.#set({ instruction: message.instruction, polls: 0 });
    this.show();
  }

  /** A person wants the step taken again. */
  again(): void {
    this.#set({ done: null, polls: 0 });
  }

  /** Moves to `state`; `until` (epoch milliseconds) is by when what it waits for should have happened. */
  enter(state: SagaState, attention: AttentionReason | null = null, until: number | null = null): void {
    const before = this.#state;
    const same = before.state === state && before.attention === attention;
    const dueAt = ENDED.includes(state) ? null : (until ?? (same ? before.dueAt : Date.now() + before.instruction.policy.timing.deadline));
    this.#set({ state, attention, dueAt });
    if (!same || dueAt !== before.dueAt) upsertSide(this.#state);
    this.show();
  }

  get isOverdue(): boolean {
    return this.#state.dueAt !== null && Date.now() >= this.#state.dueAt;
  }

  end(state: SagaState): void {
    this.enter(state);
    this.#ended = true;
    this.report();
  }

  recordDone(fingerprint: string): void {
    this.#set({ done: fingerprint, trouble: null });
  }

  recordPoll(): void {
    this.#set({ polls: this.#state.polls + 1 });
  }

  trouble(message: string): void {
    this.#set({ trouble: message.slice(0, 500), polls: this.#state.polls + 1 });
    this.enter('NEEDS_PERSON', 'CALL_FAILED');
  }

  /** Sent beside whatever comes next; `reportsSent` waits for it before the saga waits or ends. */
  report(lookAgain = false): void {
    const { at, id, state, instruction } = this.#state;
    const report: SideReport = { at, saga: instruction.wanted.saga, id, state, final: this.#ended, lookAgain };
    this.#reports.push(reportToCoordinator({ kind: 'side_report', report }));
  }

  /** The OMS keeps no verdicts: the coordinator does. */
  tellResolution(resolution: Resolution): void {
    this.#reports.push(reportToCoordinator({ kind: 'resolution', report: { at: this.#state.at, resolution } }));
  }

  async reportsSent(): Promise<void> {
    while (this.#reports.length > 0) await Promise.all(this.#reports.splice(0));
  }

  show(): void {
    showSide(this.#state);
  }

  #set(change: Partial<SideState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
