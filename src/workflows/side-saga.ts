import type { Command } from '../contracts/commands.ts';
import {
  attentionEntry,
  finalEntry,
  type RecordSubject,
  reminderEntry,
  resolutionEntry,
  retryEntry,
  sideDecisionEntry,
} from '../contracts/record-entries.ts';
import type { SideSagaState } from '../contracts/sagas.ts';
import type { SideMessage, SideReport, SideState } from '../contracts/side-sagas.ts';
import { failedText, whatFailed } from '../contracts/what-failed.ts';
import { decisionTitle, explain } from '../domain/explain.ts';
import { hashOf } from '../domain/fingerprint.ts';
import type { Resolution } from '../domain/person-answer.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import { Outbox } from './outbox.ts';
import { freshReminders, remindedAt } from './reminders.ts';
import { SagaMemory } from './saga-memory.ts';
import { showSide, upsertSide } from './side-view.ts';

const KEPT_COMMANDS = 100;

const ENDED: readonly SideSagaState[] = ['DONE', 'CANCELLED', 'NEVER_SENT'];

/** What a saga without money remembers, how it takes messages in, and how it says where it stands. */
export class SideSaga extends SagaMemory<SideState> {
  #ended = false;
  /** Its last report is out: the coordinator may start another. */
  #isGone = false;
  readonly #outbox: Outbox;

  constructor(state: SideState) {
    super(state);
    this.#outbox = new Outbox(state.outbox);
  }

  /** The state to go on with in a new run. */
  get kept(): SideState {
    return { ...this.state, outbox: this.#outbox.pending };
  }

  get ended(): boolean {
    return this.#ended;
  }

  takeIn(message: SideMessage): void {
    if (message?.kind !== 'instruct' || message.instruction?.wanted?.saga !== this.state.instruction.wanted.saga) return; // not of a coordinator
    if (message.instruction.run < this.state.instruction.run) return; // of a coordinator run that has been followed by another
    this.#ended = this.#isGone = false;
    this.set({ instruction: message.instruction, polls: 0 });
    this.noteDecision();
    this.show();
  }

  /** A person wants the step taken again. */
  again(command: Command): void {
    this.#take(command);
    this.happened(`${command.actor} has it tried again: ${command.reason}`);
    this.#outbox.add(retryEntry(this.#subject, command, null, now()));
    this.#ended = this.#isGone = false;
    this.set({ done: null, polls: 0 });
    this.report(true);
  }

  /** A person's verdict on what it is about, and whether it holds: where the OMS keeps another one, that does. */
  resolve(command: Command, resolution: Resolution, kind: 'kept' | 'not_kept' | 'differs'): void {
    const { actor, outcome } = resolution;
    this.#take(command);
    this.happened(
      kind === 'differs' ? `${outcome}, as ${actor} found it, does not hold: the OMS keeps another verdict` : `${actor} resolved it: ${outcome}`,
    );
    if (kind !== 'differs') this.#outbox.add(resolutionEntry(this.#subject, resolution));
    if (kind === 'not_kept') this.tellResolution(resolution);
    this.report(true);
  }

  hasTaken({ commandId }: Command): boolean {
    return this.state.commands.includes(commandId);
  }

  #take({ commandId }: Command): void {
    this.set({ commands: [...this.state.commands, commandId].slice(-KEPT_COMMANDS) });
  }

  /** Moves to `state`; `until` (epoch milliseconds) is by when what it waits for should have happened. */
  enter(state: SideSagaState, attention: AttentionReason | null = null, until: number | null = null): void {
    const before = this.state;
    const same = before.state === state && before.attention === attention;
    const dueAt = ENDED.includes(state) ? null : (until ?? (same ? before.dueAt : Date.now() + before.instruction.policy.timing.deadline));
    const reminders = same ? { overdue: before.overdue && dueAt === before.dueAt } : freshReminders(state, before.instruction.policy, Date.now());
    this.set({ state, attention, dueAt, ...reminders });
    if (!same && attention !== null) this.#outbox.add(attentionEntry(this.#subject, this.#wanted(attention), now()));
    if (!same) this.happened(attention === null ? state : `${state}: ${attention}`);
    if (!same || dueAt !== before.dueAt) upsertSide(this.state);
    this.show();
  }

  end(state: SideSagaState): void {
    this.enter(state);
    this.#ended = true;
  }

  /** The journal has all of it before the coordinator hears that the saga is gone; false when it is wanted again meanwhile. */
  async lastWords(isWanted: () => boolean): Promise<boolean> {
    const { state, instruction } = this.state;
    const why = explain(instruction.wanted.decision);
    this.#outbox.add(finalEntry(this.#subject, { state, paid: 0, currency: null, why }, now()));
    if (!(await this.#outbox.flushUnless(isWanted))) return false;
    this.#isGone = true;
    this.report();
    return true;
  }

  /** What has happened goes to the journal beside whatever comes next. */
  flush(): void {
    void this.#outbox.flush();
  }

  noteDecision(): void {
    const { at, id, instruction } = this.state;
    this.#outbox.add(sideDecisionEntry(at, id, instruction.wanted, instruction.policy.version, now()));
    this.happened(`Decided: ${decisionTitle(instruction.wanted.decision)}`);
  }

  remind(): void {
    const { change, happened, nth } = remindedAt(this.state, Date.now());
    this.set(change);
    for (const what of happened) this.happened(what);
    const { attention } = this.state;
    if (attention !== null && nth !== null) this.#outbox.add(reminderEntry(this.#subject, { ...this.#wanted(attention), nth }, now()));
    this.show();
  }

  recordDone(fingerprint: string): void {
    this.happened('The step was taken');
    this.set({ done: fingerprint });
  }

  trouble(message: string): void {
    this.failed(message);
    this.recordPoll();
    this.enter('NEEDS_PERSON', 'CALL_FAILED');
  }

  /** Sent beside whatever comes next; `reportsSent` waits for it before the saga waits or ends. */
  report(lookAgain = false): void {
    const { at, id, state, instruction } = this.state;
    const report: SideReport = { at, saga: instruction.wanted.saga, id, state, final: this.#isGone, lookAgain };
    this.reports.send({ kind: 'side_report', report });
  }

  /** The OMS keeps no verdicts: the coordinator does. */
  tellResolution(resolution: Resolution): void {
    this.reports.send({ kind: 'resolution', report: { at: this.state.at, resolution } });
  }

  get #subject(): RecordSubject {
    const { at, id, instruction } = this.state;
    return { order: at, saga: { kind: instruction.wanted.saga, id } };
  }

  #wanted(reason: AttentionReason): {
    readonly reason: AttentionReason;
    readonly why: string;
    readonly dueAt: string | null;
    readonly occasion: string;
  } {
    const { dueAt, instruction } = this.state;
    const { because: _, ...rest } = instruction.wanted.decision;
    const why = explain(instruction.wanted.decision) + failedText(whatFailed(this.state));
    return { reason, why, dueAt: dueAt === null ? null : new Date(dueAt).toISOString(), occasion: hashOf([rest]) };
  }

  show(): void {
    showSide(this.state);
  }
}

const now = (): string => new Date().toISOString();
