import { log } from '@temporalio/workflow';
import type { Look } from '../contracts/activities.ts';
import type { Grant, Instruction, OrderMessage, SagaNews, SagaReport } from '../contracts/messages.ts';
import type { OrderResult, OrderState, RefundSagaState, SagaRecord } from '../contracts/sagas.ts';
import { decide } from '../domain/decide.ts';
import type { RefundId } from '../domain/ids.ts';
import type { Payment } from '../domain/order.ts';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts';
import { type AttentionReason, type EntryDecision, fingerprint, isDue, type RefundDecision } from '../domain/refund-decision.ts';
import { gate } from './activity-proxies.ts';
import { KnownFacts } from './known-facts.ts';
import { MessageBook, refundName, returnName } from './message-book.ts';
import { MoneyCalls } from './money-calls.ts';
import { sendToSaga, startSaga } from './saga-channel.ts';
import { SideSagas, sideDecisions } from './side-sagas.ts';

const UNHEARD_OF: SagaRecord = { status: 'absent', instructed: null, state: null, entry: null };

/**
 * What an order's coordinator remembers, and its rules: one grant at a time, claims until the ledger shows them, no grant before every
 * saga that may hold an older one has answered (design.md section 4).
 */
export class Coordinator {
  readonly #at: OrderState['at'];
  readonly #maxEvents: number | undefined;
  readonly #book: MessageBook;
  readonly #calls: MoneyCalls;
  readonly #sagas: Map<RefundId, SagaRecord>;
  #run: number;
  #idleLooks: number;
  /** Something changed that asks for another look at once. */
  #lookDue: boolean;
  /** Refunds that wait for a grant, for another refund, or for an answer. */
  #waiting = false;
  /** A saga has done its part and the look does not show it yet: wait before it is done again. */
  #paced = false;
  /** Sagas that this run started, so that it hears when one is lost. */
  readonly #watched = new Set<RefundId>();
  #policy: Policy = DEFAULT_POLICY;
  readonly #known: KnownFacts;
  readonly #sides: SideSagas;
  #stopped: string | null;
  #elsewhere: readonly EntryDecision[] = [];

  constructor(state: OrderState) {
    this.#at = state.at;
    this.#maxEvents = state.maxEvents;
    this.#book = new MessageBook(state);
    this.#calls = new MoneyCalls(state);
    this.#sagas = new Map(Object.entries(state.sagas) as [RefundId, SagaRecord][]);
    this.#run = state.run ?? 0;
    this.#known = new KnownFacts(state);
    this.#sides = new SideSagas(state.at, state.sides, () => {
      this.#lookDue = true;
    });
    this.#stopped = state.stopped;
    this.#idleLooks = state.idleLooks;
    // A run that continues another looks first: what was due or waiting there shows itself again.
    this.#lookDue = state.unresolved > 0 || this.#sagas.size > 0 || !this.#sides.isQuiet;
  }

  get lookDue(): boolean {
    return this.#lookDue;
  }

  /** What is not settled of refunds that began outside BwP. */
  get elsewhere(): readonly EntryDecision[] {
    return this.#elsewhere;
  }

  /** Why a person has to look at the order itself; what is wrong with a refund or a return stands at its saga. */
  get attention(): AttentionReason | null {
    return this.#stopped === null ? null : 'MONEY_STOPPED';
  }

  get idleLooks(): number {
    return this.#idleLooks;
  }

  /** Nothing is open: no money call, no saga, no message that was not looked into. */
  waitsForNothing(): boolean {
    const sagaOpen = [...this.#sagas.values()].some(({ status }) => status !== 'absent');
    return this.#calls.refundIds().length === 0 && !sagaOpen && this.#sides.isQuiet && !this.#waiting && this.#book.unresolved === 0;
  }

  /**
   * How long a coordinator that waits for nothing stays (milliseconds): for a late message, and longer where verdicts of persons stand
   * nowhere but here.
   */
  get staysFor(): number {
    const { quiet, returnWait } = this.#policy.timing;
    const last = this.#known.lastVerdictAt;
    return last === null ? quiet : Math.max(quiet, last + returnWait - Date.now());
  }

  /** What it waits for may change, or be lost, without anybody telling: something held or unread, or with a saga that it does not watch. */
  looksUnasked(): boolean {
    return this.#idleLooks > 0 || this.#isUnwatched();
  }

  #isUnwatched(): boolean {
    return this.#sides.areUnheard || this.#asked().length > 0 || this.#calls.refundIds().some((refundId) => !this.#watched.has(refundId));
  }

  /** A message with this id came before. */
  hasHeard(id: string): boolean {
    return this.#book.has(id);
  }

  /** Takes a batch in; true when the order has to be looked at. */
  takeIn(batch: readonly OrderMessage[]): boolean {
    for (const message of batch) {
      if (isNews(message)) this.#hearNews(message);
      else if (this.#book.take(message)) {
        if (message.kind === 'oms_notice') this.#known.noticed(message);
        this.#lookDue = true;
      }
    }
    const due = this.#lookDue;
    this.#lookDue = false;
    return due;
  }

  /** Takes reports in that came during a look; true when they ask for another one. */
  hear(reports: readonly OrderMessage[]): boolean {
    for (const message of reports) if (isNews(message)) this.#hearNews(message);
    return this.#lookDue;
  }

  /**
   * Decides on what a look brought and hands the decisions out. `timedOut`: the clock asked for this look. Answers what
   * events told of and BwP does not show yet: reads may be older than events, so their messages stay unresolved.
   */
  async act(look: Look, timedOut: boolean): Promise<readonly string[]> {
    const { policy, ledger } = look;
    const fromOutside = timedOut || this.#book.outside;
    this.#policy = policy;
    const { resolutions } = this.#known.with(look, []);
    this.#calls.seeLedger(ledger, resolutions);
    const decided = decide(this.#known.with(look, this.#calls.claims), policy);
    const { refunds: decisions } = decided;
    this.#elsewhere = decided.entries.filter(({ kind }) => kind !== 'settled');

    this.#waiting = false;
    this.#stopped = null;
    this.#paced = false;
    const grantBefore = this.#calls.grant;
    if (fromOutside) await this.#askAgain(decisions);
    const beside = sideDecisions(decided, ledger, this.#sides.externalRefunds);
    let acted = await this.#sides.handOut(beside, { run: this.#run, policy, insisted: this.#book.insisted, timedOut });
    if (this.#sides.isPaced) this.#waiting = this.#paced = true;
    for (const decision of decisions) {
      const grant = ledger === null ? null : await this.#grantFor(decision, decisions, { version: ledger.version, oms: look.oms, fromOutside });
      if (await this.#handOut(decision, grant, fromOutside)) acted = true;
    }
    const holder = this.#calls.grant === grantBefore ? grantBefore?.payment.refundId : undefined;
    if (fromOutside && holder !== undefined && this.#watched.has(holder)) await this.#checkOn(holder); // it may answer that the call is over

    const missing = this.#book.lookedAt(
      [...look.bwp.refunds.map(({ id }) => refundName(id)), ...look.bwp.returns.map(({ id }) => returnName(id))],
      acted,
    );
    if (missing.length > 0) return missing;
    const undecided = [...this.#sagas].some(([id, { status }]) => status !== 'absent' && !decisions.some(({ refundId }) => refundId === id));
    const mayChange = this.#paced || undecided || this.#isUnwatched() || decisions.some(({ kind }) => kind === 'hold');
    this.#idleLooks = mayChange ? this.#idleLooks + 1 : 0;
    return [];
  }

  /** The order could not be read, for good, or does not show what it should. Times in epoch milliseconds and milliseconds. */
  lookFailed(now: number, deadline: number): void {
    this.#idleLooks += 1;
    this.#book.lookFailed(now, deadline);
  }

  close(): OrderResult {
    const refunds = [...this.#sagas].flatMap(([refundId, { state }]): [string, RefundSagaState][] => (state === null ? [] : [[refundId, state]]));
    return { counts: this.#book.counts, refunds: Object.fromEntries(refunds) };
  }

  snapshot(): OrderState {
    return {
      v: 1,
      at: this.#at,
      run: this.#run,
      pending: [],
      ...this.#book.kept(),
      ...this.#calls.kept(),
      sagas: Object.fromEntries(this.#sagas),
      sides: this.#sides.kept(),
      ...this.#known.kept(),
      stopped: this.#stopped,
      idleLooks: this.#idleLooks,
      ...(this.#maxEvents === undefined ? {} : { maxEvents: this.#maxEvents }),
    };
  }

  /** A grant for a refund that is to be paid, when none is out and every other saga that may hold an older one has answered. */
  async #grantFor(
    decision: RefundDecision,
    decisions: readonly RefundDecision[],
    { version, oms, fromOutside }: { version: string; oms: Look['oms']; fromOutside: boolean },
  ): Promise<Grant | null> {
    if (decision.kind !== 'pay' && decision.kind !== 'pay_part') return null;
    if (this.#calls.grant !== null) {
      this.#waiting = true;
      return null;
    }
    for (const { refundId } of decisions) {
      if (refundId !== decision.refundId && !this.#sagas.has(refundId)) await this.#ask(refundId);
    }
    if (this.#asked().length > 0) {
      this.#waiting = true;
      return null;
    }
    if (this.#calls.areFruitless) {
      this.#paced = true;
      if (!fromOutside) {
        this.#waiting = true;
        return null;
      }
    }
    const gate = await this.#askGate(decision.payment);
    if (gate !== null) {
      this.#stopped = gate;
      this.#waiting = this.#paced = true;
      return null;
    }
    const alone = decisions.every((other) => other.refundId === decision.refundId || !isDue(other));
    return this.#calls.next({ run: this.#run, payment: decision.payment, expectedVersion: version, alone, ...(oms && { oms, givenAt: Date.now() }) });
  }

  /** Null when the money stop lets a payment through, else why it does not. */
  async #askGate({ key, amount }: Payment): Promise<string | null> {
    const { currency, total: minor } = amount;
    const cap = this.#policy.payoutsPerHour[currency] ?? null;
    const answer = await gate.mayPay({ at: this.#at, key, currency, minor, cap });
    return answer.allowed ? null : answer.why;
  }

  /** Brings a decision to its saga, starting it where needed; false when it has nothing to learn. */
  async #handOut(decision: RefundDecision, grant: Grant | null, fromOutside: boolean): Promise<boolean> {
    const { refundId } = decision;
    const saga = this.#sagas.get(refundId) ?? UNHEARD_OF;
    // A grant that is out while nobody holds it any more goes to whoever comes next, who begins with a read-back.
    const out = this.#calls.grant;
    const inherited = grant === null && out?.payment.refundId === refundId ? { ...out, run: this.#run, resumed: true } : null;
    if (saga.status === 'asked') {
      this.#waiting = true;
      return false;
    }
    if (saga.status === 'absent' && inherited === null) {
      if (!isDue(decision)) return false;
      if (grant === null && isKnown(saga, decision)) {
        this.#paced = true;
        if (!fromOutside) {
          this.#waiting = true;
          return false;
        }
      }
    }
    const insisted = this.#book.insisted && isDue(decision);
    if (saga.status === 'running' && grant === null && !insisted && isKnown(saga, decision)) return false;

    const instruction: Instruction = { run: this.#run, decision, grant, policy: this.#policy, ...this.#known.answersOn(refundId) };
    if (grant !== null) this.#calls.give(grant);
    const told: SagaRecord = { ...saga, status: 'running', instructed: fingerprint(decision) };
    if (saga.status === 'running') {
      if (await sendToSaga(this.#at, refundId, { kind: 'instruct', instruction })) {
        this.#sagas.set(refundId, told);
        return true;
      }
      // It is gone; if it ended by itself, its last report is here by now and says more than this look.
      this.#sagas.set(refundId, { ...saga, status: 'absent' });
      if (grant !== null) this.#calls.takeBack(grant);
      this.#lookDue = true;
      return false;
    }
    if (inherited !== null) this.#calls.handOn(inherited);
    if (await startSaga(this.#at, { ...instruction, grant: grant ?? inherited }, () => this.#lost(refundId))) {
      this.#watched.add(refundId);
      this.#sagas.set(refundId, told);
      return true;
    }
    // One runs that this run has not heard of, perhaps with a call of its own: nothing is granted before it has answered.
    if (grant !== null) this.#calls.takeBack(grant);
    if (await this.#ask(refundId)) this.#waiting = true;
    else this.#lookDue = true;
    return true;
  }

  /** Sagas that were asked where they stand and have not answered. */
  #asked(): RefundId[] {
    return [...this.#sagas].filter(([, { status }]) => status === 'asked').map(([refundId]) => refundId);
  }

  /** Asks a saga where it stands; when none runs, nobody holds an older grant for that refund, and false comes back. */
  async #ask(refundId: RefundId): Promise<boolean> {
    const runs = await sendToSaga(this.#at, refundId, { kind: 'report', run: this.#run });
    this.#sagas.set(refundId, { ...(this.#sagas.get(refundId) ?? UNHEARD_OF), status: runs ? 'asked' : 'absent' });
    return runs;
  }

  /**
   * Sagas that have not answered are asked again, and so are those that this run does not watch, as they may be gone. A person who
   * insists reaches sagas that this run has had no reason to hear of.
   */
  async #askAgain(decisions: readonly RefundDecision[]): Promise<void> {
    for (const refundId of this.#asked()) await this.#ask(refundId);
    for (const [refundId, { status }] of this.#sagas) if (status === 'running' && !this.#watched.has(refundId)) await this.#checkOn(refundId);
    if (this.#book.insisted) for (const { refundId } of decisions) if (!this.#sagas.has(refundId)) await this.#ask(refundId);
  }

  /** A grant is out and nothing was heard of its saga: is it still there? If not, the next look hands the grant on. */
  async #checkOn(refundId: RefundId): Promise<void> {
    if (await sendToSaga(this.#at, refundId, { kind: 'report', run: this.#run })) return;
    this.#lost(refundId);
  }

  /** A saga ended without having finished: it is looked at again, and its grant, if it holds one, is taken over. */
  #lost(refundId: RefundId): void {
    log.warn('a refund saga ended before it was finished', { refundId });
    this.#watched.delete(refundId);
    const saga = this.#sagas.get(refundId);
    if (saga !== undefined) this.#sagas.set(refundId, { ...saga, status: 'absent', instructed: null, entry: null });
    this.#lookDue = true;
  }

  #hearNews(news: SagaNews): void {
    switch (news.kind) {
      case 'saga_report':
        this.#hearReport(news.report);
        break;
      case 'side_report':
        this.#sides.hear(news.report);
        if (news.report.final || news.report.lookAgain) this.#lookDue = true;
        break;
      case 'resolution':
        this.#known.resolved(news.report.resolution);
        this.#lookDue = true;
    }
  }

  #hearReport(report: SagaReport): void {
    const { refundId, grant: held } = report;
    if (report.run > this.#run) this.#run = report.run + 1;
    const before = this.#sagas.get(refundId) ?? UNHEARD_OF;
    this.#sagas.set(refundId, {
      status: report.final ? 'absent' : 'running',
      instructed: before.instructed,
      state: report.state,
      entry: report.entry,
    });
    if (report.final) this.#watched.delete(refundId);
    this.#known.reported(report);
    const decideAnew = held !== null && this.#calls.settle(held.grant, held.outcome);
    if (decideAnew || report.final || report.lookAgain || (this.#waiting && this.#calls.grant === null)) this.#lookDue = true;
  }
}

/** Whether a running saga knows what a decision says: it was told so, or has seen the same entry itself. */
function isKnown(saga: SagaRecord, decision: RefundDecision): boolean {
  if (decision.kind === 'paying') return true;
  if (decision.kind === 'settled' && saga.entry !== null) return saga.state !== 'NEEDS_PERSON'; // else it sees its own payment through by itself
  if (decision.kind === 'follow') {
    const { key, entry } = decision;
    return saga.entry?.key === key && saga.entry.state === entry.state && saga.entry.paid === entry.paid;
  }
  return saga.instructed === fingerprint(decision);
}

/** Whether a saga of the order sent it. */
export const isNews = (message: OrderMessage): message is SagaNews => ['saga_report', 'side_report', 'resolution'].includes(message.kind);
