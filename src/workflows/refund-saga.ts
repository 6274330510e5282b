import { CancellationScope } from '@temporalio/workflow';
import type { Command } from '../contracts/commands.ts';
import type { GrantOutcome, SagaMessage, SagaReport } from '../contracts/messages.ts';
import type { Call, Finding, RefundSagaState, RefundState } from '../contracts/sagas.ts';
import { decisionTitle } from '../domain/explain.ts';
import { moneyText } from '../domain/money.ts';
import type { LedgerEntry } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import { showRefund, upsertRefund } from './operator-view.ts';
import { instructed } from './refund-instruction.ts';
import { RefundJournal } from './refund-journal.ts';
import { dueOfUnused, dueOnEntering, freshReminders, remindedAt } from './reminders.ts';
import { SagaMemory } from './saga-memory.ts';
import { Undo } from './undo.ts';
import { answerText } from './what-to-press.ts';

const KEPT_COMMANDS = 100;

/** What a refund saga remembers, how it takes messages in, and how it says where it stands. */
export class RefundSaga extends SagaMemory<RefundState> {
  #ended = false;
  /** Its last words are said: whatever it reports from now on is final. */
  #isGone = false;
  /** A person's word asks for a step at once. */
  #stirred = false;
  /** What a cancelled saga takes back. */
  readonly undo = new Undo();
  readonly #journal: RefundJournal;

  constructor(state: RefundState) {
    super(state);
    this.#journal = new RefundJournal(state);
  }

  /** The state to go on with in a new run. */
  get kept(): RefundState {
    return { ...this.state, outbox: this.#journal.pending };
  }

  get ended(): boolean {
    return this.#ended;
  }

  takeIn(message: SagaMessage): void {
    if (message?.kind === 'report') {
      if (!Number.isSafeInteger(message.run)) return; // not of a coordinator
      this.set({ run: Math.max(this.state.run, message.run) });
      const { call } = this.state;
      if (call?.outcome === 'open') this.recordCall({ grant: { ...call.grant, alone: false } }); // somebody waits for it now
      this.report();
      return;
    }
    if (message?.kind !== 'instruct' || message.instruction?.decision === undefined) return; // not of a coordinator
    const instructedTo = instructed(this.state, message.instruction, this.#ended);
    if (instructedTo === null) return;
    this.#ended = this.#isGone = false;
    const waited = dueOfUnused(this.state);
    this.set(instructedTo.change);
    if (instructedTo.isNews) this.noteDecision();
    if (instructedTo.isGranted) this.enter('PAYING', null, waited);
    this.show();
  }

  /** Moves to `state`, and tells the lists of the Web UI when that is new; `until` (epoch milliseconds) is by when it should be over. */
  enter(state: RefundSagaState, attention: AttentionReason | null = null, until: number | null = null): void {
    const { state: before, attention: noted, instruction } = this.state;
    if (before === state && noted === attention) {
      this.show();
      return;
    }
    const dueAt = dueOnEntering(state, this.state, until, Date.now());
    this.set({ state, attention, dueAt, ...freshReminders(state, instruction.policy, Date.now()) });
    this.#journal.attention(this.state);
    upsertRefund(this.state);
    this.show();
  }

  /** Nothing is due any more. The saga ends unless a message comes in before it is gone. */
  end(state: RefundSagaState): 'go_on' {
    this.enter(state);
    this.#ended = true;
    return 'go_on';
  }

  /**
   * The journal has all of it before the coordinator hears that the saga is gone; false as soon as a message comes in meanwhile, which may
   * be long before the journal is back.
   */
  async lastWords(isWanted: () => boolean): Promise<boolean> {
    this.#journal.ended(this.state);
    if (!(await this.#journal.flushUnless(isWanted))) return false;
    this.#isGone = true;
    this.report();
    return true;
  }

  /** What has happened goes to the journal beside whatever comes next. */
  flush(): void {
    void this.#journal.flush();
  }

  recordCall(change: Partial<Call>): void {
    if (this.state.call === null) throw new RangeError('no money call to record');
    this.set({ call: { ...this.state.call, ...change } });
    this.show();
  }

  recordEntry(seen: LedgerEntry): void {
    const { key, state, paid } = seen;
    const before = this.state.entry;
    const isNews = before?.key !== key || before.state !== state || before.paid !== paid;
    if (isNews) this.#journal.paid(seen);
    if (isNews) this.happened(`The OMS shows ${key}: ${state}, ${moneyText({ minor: paid, currency: seen.currency })} paid`);
    if (paid > 0 || ['SUCCEEDED', 'FAILED', 'VOIDED'].includes(state)) this.undo.drop(key);
    this.set({ entry: { key, state, paid } });
  }

  /** For the journal alone. */
  recordPayouts(seen: LedgerEntry): void {
    this.#journal.paid(seen);
  }

  recordRefusedVoid(key: string): void {
    this.set({ refusedVoid: key });
  }

  recordTold(told: string): void {
    this.set({ told });
  }

  trouble(message: string): void {
    const first = this.state.trouble === null;
    this.failed(message);
    this.recordPoll();
    if (first && this.state.call?.outcome === 'answered') this.report(); // its last report is not near any more
    this.enter(this.state.call?.outcome === 'open' ? 'UNKNOWN' : 'NEEDS_PERSON', 'CALL_FAILED');
  }

  /** The OMS's certain answer, or none needed: the coordinator may give the next grant. */
  endCall(outcome: Exclude<GrantOutcome, 'open'>, lookAgain = false): void {
    this.recordCall({ outcome });
    this.report(lookAgain);
  }

  /** The grant goes back unused, and the order is decided anew. It is the same wait as before: it keeps its time. */
  giveBack(outcome: 'stale_ledger' | 'never_sent'): 'go_on' {
    this.endCall(outcome, outcome === 'never_sent');
    this.enter('HELD', null, this.state.dueAt);
    return 'go_on';
  }

  /** What a person answered is a fact of the next decision, and nothing more. */
  hearAnswer(answer: PersonAnswer): void {
    const { call, instruction, answers } = this.state;
    const { decision } = instruction;
    const currency = 'payment' in decision ? decision.payment.amount.currency : (call?.grant.payment.amount.currency ?? null);
    this.happened(answerText(answer, currency));
    this.#journal.answered(answer, currency);
    this.set({ answers: [...answers, answer] });
    if (call?.outcome === 'open') this.recordCall({ overtaken: true });
    this.show();
    this.report(true);
  }

  /** What a person found out is checked with the OMS by the next step. */
  hearFinding(found: Finding): void {
    const { key, outcome, actor } = found.resolution;
    this.happened(`${actor} found ${key}: ${outcome}`);
    this.set({ findings: [...this.state.findings, found] });
    this.#stirred = true;
    this.show();
  }

  endFinding(found: Finding, ended: 'noted' | 'overruled', what: string): void {
    this.happened(what);
    if (ended === 'noted') this.#journal.resolved(found.resolution);
    const { findings } = this.state;
    this.set({ findings: findings.map((each) => (each.commandId === found.commandId ? { ...each, ended } : each)) });
    this.show();
  }

  /** The open call is read back, and made again, without waiting any longer. */
  askAgain(command: Command): void {
    const { call, asked = [] } = this.state;
    this.happened(`${command.actor} has the OMS asked again: ${command.reason}`);
    if (call !== null) this.#journal.askedAgain(command, call.grant.payment.key);
    this.set({ asked: [...asked, command.commandId].slice(-KEPT_COMMANDS) });
    this.recordCall({ retryAt: 0 });
    this.#stirred = true;
  }

  get isStirred(): boolean {
    return this.#stirred;
  }

  override stepBegins(): void {
    super.stepBegins();
    this.#stirred = false;
  }

  remind(): void {
    const { change, happened, nth } = remindedAt(this.state, Date.now());
    this.set(change);
    for (const what of happened) this.happened(what);
    if (nth !== null) this.#journal.reminded(this.state, nth);
    this.show();
  }

  /** Gone after its cancellation: what it took back is told, and the coordinator decides anew. */
  leave(notUndone: readonly string[]): Promise<void> {
    this.happened(notUndone.length === 0 ? 'Cancelled from outside' : `Cancelled from outside; not undone: ${notUndone.join(', ')}`);
    if (notUndone.length > 0) this.enter('NEEDS_PERSON', 'CALL_FAILED');
    this.#ended = this.#isGone = true;
    this.report(true);
    return CancellationScope.nonCancellable(async () => {
      await this.#journal.flush();
      await this.reportsSent();
    });
  }

  noteDecision(): void {
    const { decision, grant } = this.state.instruction;
    this.#journal.decided(this.state);
    this.happened(`Decided: ${decisionTitle(decision)}${grant === null ? '' : `; granted under ${grant.payment.key}`}`);
  }

  /** Sent beside whatever comes next; `reportsSent` waits for it before the saga waits or ends. */
  report(lookAgain = false): void {
    const { at, refundId, run, state, call, entry, refusedVoid, answers, resolutions } = this.state;
    const grant = call === null ? null : { grant: call.grant, outcome: call.outcome };
    const said = { answers, ...(resolutions && { resolutions }) };
    const report: SagaReport = { at, refundId, run, state, grant, entry, refusedVoid, ...said, final: this.#isGone, lookAgain };
    this.reports.send({ kind: 'saga_report', report });
  }

  /** The OMS keeps no verdicts: the coordinator does, and whoever outlives it. Its next report tells it. */
  keepResolution(resolution: Resolution): void {
    const others = (this.state.resolutions ?? []).filter(({ key }) => key !== resolution.key);
    this.set({ resolutions: [...others, resolution] });
  }

  show(): void {
    showRefund(this.state);
  }
}
