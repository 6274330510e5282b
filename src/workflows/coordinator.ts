import type { Look } from '../contracts/activities.ts';
import { isNews, type OrderMessage, type SagaNews, type SagaReport } from '../contracts/messages.ts';
import type { OrderResult, OrderState } from '../contracts/order-state.ts';
import { decide } from '../domain/decide.ts';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts';
import type { EntryDecision } from '../domain/refund-decision.ts';
import { grantFor } from './grants.ts';
import { KnownFacts } from './known-facts.ts';
import { MessageBook, refundName, returnName } from './message-book.ts';
import { MoneyCalls } from './money-calls.ts';
import { type HandingOut, RefundSagas } from './refund-sagas.ts';
import { SideSagas, sideDecisions } from './side-sagas.ts';

/**
 * What an order's coordinator remembers, and its rules: one grant at a time, claims until the ledger shows them, no grant before every
 * saga that may hold an older one has answered (design.md section 4).
 */
export class Coordinator {
  readonly #at: OrderState['at'];
  readonly #maxEvents: number | undefined;
  readonly #book: MessageBook;
  readonly #calls: MoneyCalls;
  readonly #sagas: RefundSagas;
  #run: number;
  #idleLooks: number;
  /** Something changed that asks for another look at once. */
  #lookDue: boolean;
  /** Refunds that wait for a grant, for another refund, or for an answer. */
  #waiting = false;
  /** A saga has done its part and the look does not show it yet: wait before it is done again. */
  #paced = false;
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
    this.#run = state.run ?? 0;
    this.#known = new KnownFacts(state);
    const onChange = (): void => {
      this.#lookDue = true;
    };
    this.#sagas = new RefundSagas(state, { calls: this.#calls, known: this.#known, onChange });
    this.#sides = new SideSagas(state.at, state.sides, onChange);
    this.#stopped = state.stopped;
    this.#idleLooks = state.idleLooks;
    // A run that continues another looks first: what was due or waiting there shows itself again.
    this.#lookDue = state.unresolved > 0 || !this.#sagas.isEmpty || !this.#sides.isQuiet;
  }

  get lookDue(): boolean {
    return this.#lookDue;
  }

  /** What is not settled of refunds that began outside BwP. */
  get elsewhere(): readonly EntryDecision[] {
    return this.#elsewhere;
  }

  get idleLooks(): number {
    return this.#idleLooks;
  }

  /** Nothing is open: no money call, no saga, no message that was not looked into. */
  waitsForNothing(): boolean {
    return (
      this.#calls.refundIds().length === 0 && this.#sagas.open().length === 0 && this.#sides.isQuiet && !this.#waiting && this.#book.unresolved === 0
    );
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
    return this.#sides.areUnheard || this.#sagas.asked().length > 0 || this.#calls.refundIds().some((refundId) => !this.#sagas.isWatched(refundId));
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
    const facts = this.#known.with(look);
    this.#calls.seeLedger(ledger, facts.resolutions);
    const decided = decide({ ...facts, claims: this.#calls.claims }, policy);
    const { refunds: decisions } = decided;
    this.#elsewhere = decided.entries.filter(({ kind }) => kind !== 'settled');

    this.#waiting = false;
    this.#stopped = null;
    this.#paced = false;
    const grantBefore = this.#calls.grant;
    const handingOut: HandingOut = { run: this.#run, policy, fromOutside, insisted: this.#book.insisted };
    if (fromOutside) await this.#sagas.askAgain(decisions, handingOut);
    const beside = sideDecisions(decided, ledger, this.#sides.externalRefunds);
    let acted = await this.#sides.handOut(beside, { ...handingOut, timedOut });
    if (this.#sides.isPaced) this.#waiting = this.#paced = true;
    const { answers } = facts;
    for (const decision of decisions) {
      const deciding = { at: this.#at, run: this.#run, policy, look, answers, decisions, fromOutside };
      const granting = await grantFor(decision, deciding, this.#calls, this.#sagas);
      const handed = await this.#sagas.handOut(decision, granting.grant, handingOut);
      acted ||= handed.acted;
      this.#waiting ||= granting.waits || handed.waits;
      this.#paced ||= granting.paced || handed.paced;
      this.#stopped = granting.stopped ?? this.#stopped;
    }
    const holder = this.#calls.grant === grantBefore ? grantBefore?.payment.refundId : undefined;
    if (fromOutside && holder !== undefined && this.#sagas.isWatched(holder)) await this.#sagas.checkOn(holder, this.#run); // it may answer that the call is over

    const missing = this.#book.lookedAt(
      [...look.bwp.refunds.map(({ id }) => refundName(id)), ...look.bwp.returns.map(({ id }) => returnName(id))],
      acted,
    );
    if (missing.length > 0) return missing;
    const undecided = this.#sagas.open().some((id) => !decisions.some(({ refundId }) => refundId === id));
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
    return { counts: this.#book.counts, refunds: this.#sagas.states() };
  }

  snapshot(): OrderState {
    return {
      v: 1,
      at: this.#at,
      run: this.#run,
      pending: [],
      ...this.#book.kept(),
      ...this.#calls.kept(),
      sagas: this.#sagas.kept(),
      sides: this.#sides.kept(),
      ...this.#known.kept(),
      stopped: this.#stopped,
      idleLooks: this.#idleLooks,
      ...(this.#maxEvents === undefined ? {} : { maxEvents: this.#maxEvents }),
    };
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
    const { grant: held } = report;
    if (report.run > this.#run) this.#run = report.run + 1;
    this.#sagas.hear(report);
    this.#known.reported(report);
    const decideAnew = held !== null && this.#calls.settle(held.grant, held.outcome);
    if (decideAnew || report.final || report.lookAgain || (this.#waiting && this.#calls.grant === null)) this.#lookDue = true;
  }
}
