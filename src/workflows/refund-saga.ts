import { log } from '@temporalio/workflow';
import type { GrantOutcome, SagaMessage, SagaReport } from '../contracts/messages.ts';
import { type Call, newCall, type RefundState, type SagaState } from '../contracts/sagas.ts';
import type { LedgerEntry } from '../domain/order.ts';
import type { AttentionReason, RefundDecision } from '../domain/refund-decision.ts';
import { showRefund, upsertRefund } from './operator-view.ts';
import { reportToCoordinator } from './saga-channel.ts';

const UNDER_WAY: readonly SagaState[] = ['PAYING', 'UNKNOWN', 'SETTLING', 'REPORTING'];
const ENDED: readonly SagaState[] = ['DONE', 'REJECTED', 'FAILED'];

/** What a refund saga remembers, how it takes messages in, and how it says where it stands. */
export class RefundSaga {
  #state: RefundState;
  #ended = false;
  readonly #reports: Promise<void>[] = [];

  constructor(state: RefundState) {
    this.#state = state;
  }

  get state(): RefundState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#ended;
  }

  takeIn(message: SagaMessage): void {
    if (message?.kind === 'report') {
      this.#set({ run: Math.max(this.#state.run, message.run) });
      const { call } = this.#state;
      if (call?.outcome === 'open') this.recordCall({ grant: { ...call.grant, alone: false } }); // somebody waits for it now
      this.report();
      return;
    }
    if (message?.kind !== 'instruct' || message.instruction?.decision === undefined) return; // not of a coordinator
    const { instruction } = message;
    if (instruction.run < this.#state.run) return; // of a coordinator run that has been followed by another
    if (this.#ended && this.#hasSeen(instruction.decision)) {
      this.report();
      return;
    }
    this.#ended = false;
    const held = this.#state.attention === 'HELD_TOO_LONG' ? { dueAt: null } : {}; // another decision, another wait
    this.#set({ instruction, run: instruction.run, polls: 0, told: null, ...held });
    const { call } = this.#state;
    // The ledger shows what its open call waits to hear: it is read back without waiting any longer.
    if (instruction.decision.kind === 'follow' && call?.outcome === 'open') this.recordCall({ retryAt: 0 });
    if (instruction.grant !== null && call?.outcome !== 'open') {
      this.#set({ call: newCall(instruction.grant), paidBecause: instruction.decision.because });
      this.enter('PAYING');
    }
    this.show();
  }

  /**
   * Moves to `state`, and tells the lists of the Web UI when that is new. Whatever is not ended has a time by which it should be; what is
   * under way keeps its time from step to step; `until` (epoch milliseconds) sets it.
   */
  enter(state: SagaState, attention: AttentionReason | null = null, until: number | null = null): void {
    const { state: before, attention: noted, dueAt, instruction } = this.#state;
    if (before === state && noted === attention) {
      this.show();
      return;
    }
    const goesOn = UNDER_WAY.includes(before) && UNDER_WAY.includes(state) && dueAt !== null;
    const due = ENDED.includes(state) ? null : until !== null ? until : goesOn ? dueAt : Date.now() + instruction.policy.timing.deadline;
    this.#set({ state, attention, dueAt: due });
    upsertRefund(this.#state);
    this.show();
  }

  get isOverdue(): boolean {
    return this.#state.dueAt !== null && Date.now() >= this.#state.dueAt;
  }

  /** Nothing is due any more. The saga ends unless a message comes in before it is gone. */
  end(state: SagaState): 'go_on' {
    this.enter(state);
    this.#ended = true;
    this.report();
    return 'go_on';
  }

  recordCall(change: Partial<Call>): void {
    if (this.#state.call === null) throw new RangeError('no money call to record');
    this.#set({ call: { ...this.#state.call, ...change } });
    this.show();
  }

  recordEntry({ key, state, paid }: LedgerEntry): void {
    this.#set({ entry: { key, state, paid } });
  }

  recordRefusedVoid(key: string): void {
    this.#set({ refusedVoid: key });
  }

  recordTold(told: string): void {
    this.#set({ told });
  }

  recordPoll(): void {
    this.#set({ polls: this.#state.polls + 1 });
  }

  trouble(message: string): void {
    const first = this.#state.trouble === null;
    this.#set({ trouble: message.slice(0, 500), polls: this.#state.polls + 1 });
    if (first && this.#state.call?.outcome === 'answered') this.report(); // its last report is not near any more
    this.enter(this.#state.call?.outcome === 'open' ? 'UNKNOWN' : 'NEEDS_PERSON', 'CALL_FAILED');
  }

  noTrouble(): void {
    if (this.#state.trouble !== null) this.#set({ trouble: null });
  }

  /** The OMS's certain answer, or none needed: the coordinator may give the next grant. */
  endCall(outcome: Exclude<GrantOutcome, 'open'>, lookAgain = false): void {
    this.recordCall({ outcome });
    this.report(lookAgain);
  }

  /** Sent beside whatever comes next; `reportsSent` waits for it before the saga waits or ends. */
  report(lookAgain = false): void {
    const { at, refundId, run, state, call, entry, refusedVoid, answers } = this.#state;
    const grant = call === null ? null : { grant: call.grant, outcome: call.outcome };
    const report: SagaReport = { at, refundId, run, state, grant, entry, refusedVoid, answers, final: this.#ended, lookAgain };
    this.#reports.push(reportToCoordinator({ kind: 'saga_report', report }));
  }

  async reportsSent(): Promise<void> {
    while (this.#reports.length > 0) await Promise.all(this.#reports.splice(0));
  }

  /** Reports are on their way. */
  get isReporting(): boolean {
    return this.#reports.length > 0;
  }

  /** A decision that only says what this saga has read, and told, by itself: a look may see it before the saga's last report. */
  #hasSeen(decision: RefundDecision): boolean {
    const { entry } = this.#state;
    if (decision.kind === 'settled') return true;
    return decision.kind === 'follow' && entry?.key === decision.key && entry.state === decision.entry.state && entry.paid === decision.entry.paid;
  }

  show(): void {
    showRefund(this.#state);
  }

  note(message: string, facts: Record<string, unknown>): void {
    log.warn(message, { refundId: this.#state.refundId, ...facts });
  }

  #set(change: Partial<RefundState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
