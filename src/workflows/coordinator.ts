import { log } from '@temporalio/workflow';
import type { Look } from '../contracts/activities.ts';
import type { Grant, Instruction, OrderMessage, SagaReport } from '../contracts/messages.ts';
import type { MessageCounts, OrderResult, OrderState, SagaRecord, SagaState } from '../contracts/sagas.ts';
import { decide } from '../domain/decide.ts';
import type { RefundId } from '../domain/ids.ts';
import type { Payment } from '../domain/order.ts';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts';
import { fingerprint, isDue, type RefundDecision } from '../domain/refund-decision.ts';
import { sendToSaga, startSaga } from './saga-channel.ts';

const SEEN_KEPT = 500;
const UNHEARD_OF: SagaRecord = { status: 'absent', instructed: null, state: null, entry: null };

/**
 * What an order's coordinator remembers, and its rules: one grant at a time, claims until the ledger shows them, no grant before every
 * saga that may hold an older one has answered (design.md section 4).
 */
export class Coordinator {
  readonly #at: OrderState['at'];
  readonly #maxEvents: number | undefined;
  #run: number;
  #seen: string[];
  #counts: { -readonly [count in keyof MessageCounts]: number };
  #grant: Grant | null;
  #grantsGiven: number;
  #claims: Payment[];
  readonly #sagas: Map<RefundId, SagaRecord>;
  #unresolved: number;
  /** Refunds that events told of and no look has shown. */
  #expected: readonly RefundId[];
  #idleLooks: number;
  #failingSince: number | null;
  /** Somebody outside asked for the look that is due. */
  #outside: boolean;
  /** Grants in a row that came back unused. */
  #fruitless: number;
  /** Something changed that asks for another look at once. */
  #lookDue = false;
  /** Refunds that wait for a grant, for another refund, or for an answer. */
  #waiting = false;
  /** A saga has done its part and the look does not show it yet: wait before it is done again. */
  #paced = false;
  /** A person asked for the look: sagas hear their decision even when they know it. */
  #insisted: boolean;
  /** Sagas that this run started, so that it hears when one is lost. */
  readonly #watched = new Set<RefundId>();
  #policy: Policy = DEFAULT_POLICY;

  constructor(state: OrderState) {
    this.#at = state.at;
    this.#maxEvents = state.maxEvents;
    this.#run = state.run ?? 0;
    this.#seen = [...state.seen];
    this.#counts = { ...state.counts };
    this.#grant = state.grant;
    this.#grantsGiven = state.grantsGiven;
    this.#claims = [...state.claims];
    this.#sagas = new Map(Object.entries(state.sagas) as [RefundId, SagaRecord][]);
    this.#unresolved = state.unresolved;
    this.#expected = state.expected;
    this.#idleLooks = state.idleLooks;
    this.#failingSince = state.failingSince;
    this.#outside = state.outside;
    this.#insisted = state.insisted;
    this.#fruitless = state.fruitless;
    // A run that continues another looks first: what was due or waiting there shows itself again.
    this.#lookDue = state.unresolved > 0 || this.#sagas.size > 0;
  }

  get lookDue(): boolean {
    return this.#lookDue;
  }

  get unresolved(): number {
    return this.#unresolved;
  }

  get idleLooks(): number {
    return this.#idleLooks;
  }

  /** Nothing is open: no money call, no saga, no message that was not looked into. */
  waitsForNothing(): boolean {
    const sagaOpen = [...this.#sagas.values()].some(({ status }) => status !== 'absent');
    return this.#grant === null && this.#claims.length === 0 && !sagaOpen && !this.#waiting && this.#unresolved === 0;
  }

  /** What it waits for may change, or be lost, without anybody telling: something held or unread, or with a saga that it does not watch. */
  looksUnasked(): boolean {
    return this.#idleLooks > 0 || this.#isUnwatched();
  }

  #isUnwatched(): boolean {
    const payments = [...this.#claims, ...(this.#grant === null ? [] : [this.#grant.payment])];
    return this.#asked().length > 0 || payments.some(({ refundId }) => !this.#watched.has(refundId));
  }

  /** Counts a batch in; true when the order has to be looked at. */
  takeIn(batch: readonly OrderMessage[]): boolean {
    for (const message of batch) {
      if (message.kind === 'saga_report') {
        this.#hearReport(message.report);
        continue;
      }
      this.#counts.accepted += 1;
      if (this.#seen.includes(message.id)) {
        this.#counts.duplicate += 1;
        continue;
      }
      this.#seen = [...this.#seen, message.id].slice(-SEEN_KEPT);
      this.#unresolved += 1;
      this.#lookDue = true;
      this.#outside = true;
      if (message.kind === 'look_again') this.#insisted = true;
      if (message.kind === 'bwp_event') this.#expect(message.refundIds);
    }
    const due = this.#lookDue;
    this.#lookDue = false;
    return due;
  }

  #expect(refundIds: readonly RefundId[]): void {
    const fresh = refundIds.filter((refundId) => !this.#expected.includes(refundId));
    if (fresh.length === 0) return;
    this.#expected = [...this.#expected, ...fresh];
    this.#failingSince = null; // its time begins now
  }

  /** Takes reports in that came during a look; true when they ask for another one. */
  hear(reports: readonly OrderMessage[]): boolean {
    for (const message of reports) if (message.kind === 'saga_report') this.#hearReport(message.report);
    return this.#lookDue;
  }

  /**
   * Decides on what a look brought and hands the decisions out. `timedOut`: the clock asked for this look. Answers the
   * refunds that events told of and BwP does not show yet: reads may be older than events, so their messages stay unresolved.
   */
  async act(look: Look, timedOut: boolean): Promise<readonly RefundId[]> {
    const { policy, ledger } = look;
    const fromOutside = timedOut || this.#outside;
    this.#policy = policy;
    this.#paced = false;
    this.#expected = this.#expected.filter((refundId) => !look.bwp.refunds.some(({ id }) => id === refundId));
    if (this.#expected.length === 0) this.#failingSince = null;
    const known = new Set<string>(ledger?.entries.map(({ key }) => key));
    this.#claims = this.#claims.filter(({ key }) => !known.has(key));
    const decisions = decide({ at: this.#at, bwp: look.bwp, captured: look.captured, ledger, claims: this.#claims }, policy);

    this.#waiting = false;
    const grantBefore = this.#grant;
    if (fromOutside) await this.#askAgain(decisions);
    let acted = false;
    for (const decision of decisions) {
      const grant = ledger === null ? null : await this.#grantFor(decision, decisions, { version: ledger.version, fromOutside });
      if (await this.#handOut(decision, grant, fromOutside)) acted = true;
    }
    const holder = this.#grant === grantBefore ? grantBefore?.payment.refundId : undefined;
    if (fromOutside && holder !== undefined && this.#watched.has(holder)) await this.#checkOn(holder); // it may answer that the call is over

    this.#insisted = this.#outside = false;
    if (this.#expected.length > 0) return this.#expected;
    this.#counts[acted ? 'applied' : 'duplicate'] += this.#unresolved;
    this.#unresolved = 0;
    const decided = new Set(decisions.map(({ refundId }) => refundId));
    const undecided = [...this.#sagas].some(([refundId, { status }]) => status !== 'absent' && !decided.has(refundId));
    const mayChange = this.#paced || undecided || this.#isUnwatched() || decisions.some(({ kind }) => kind === 'hold');
    this.#idleLooks = mayChange ? this.#idleLooks + 1 : 0;
    return [];
  }

  /**
   * The order could not be read, for good, or does not show what it should: its messages stay unresolved until a later look comes through. Past `deadline` (milliseconds)
   * they are parked, so that a coordinator of an order that nobody knows comes to an end.
   */
  lookFailed(now: number, deadline: number): void {
    this.#idleLooks += 1;
    this.#failingSince ??= now;
    if (now - this.#failingSince < deadline) return;
    this.#counts.parked += this.#unresolved;
    this.#unresolved = 0;
    this.#expected = [];
  }

  close(): OrderResult {
    const refunds = [...this.#sagas].flatMap(([refundId, { state }]): [string, SagaState][] => (state === null ? [] : [[refundId, state]]));
    return { counts: { ...this.#counts }, refunds: Object.fromEntries(refunds) };
  }

  snapshot(): OrderState {
    return {
      v: 1,
      at: this.#at,
      run: this.#run,
      pending: [],
      seen: [...this.#seen],
      counts: { ...this.#counts },
      grant: this.#grant,
      grantsGiven: this.#grantsGiven,
      claims: [...this.#claims],
      sagas: Object.fromEntries(this.#sagas),
      unresolved: this.#unresolved,
      expected: this.#expected,
      idleLooks: this.#idleLooks,
      failingSince: this.#failingSince,
      outside: this.#outside,
      insisted: this.#insisted,
      fruitless: this.#fruitless,
      ...(this.#maxEvents === undefined ? {} : { maxEvents: this.#maxEvents }),
    };
  }

  /** A grant for a refund that is to be paid, when none is out and every other saga that may hold an older one has answered. */
  async #grantFor(
    decision: RefundDecision,
    decisions: readonly RefundDecision[],
    { version, fromOutside }: { version: string; fromOutside: boolean },
  ): Promise<Grant | null> {
    if (decision.kind !== 'pay' && decision.kind !== 'pay_part') return null;
    if (this.#grant !== null) {
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
    // Grants that come back unused time after time (a ledger that is read stale, say) are not given at full speed.
    if (this.#fruitless > 1) {
      this.#paced = true;
      if (!fromOutside) {
        this.#waiting = true;
        return null;
      }
    }
    this.#grantsGiven += 1;
    return {
      id: `${this.#run}.${this.#grantsGiven}`,
      run: this.#run,
      payment: decision.payment,
      expectedVersion: version,
      resumed: false,
      alone: decisions.every((other) => other.refundId === decision.refundId || !isDue(other)),
    };
  }

  /** Brings a decision to its saga, starting it where needed; false when it has nothing to learn. */
  async #handOut(decision: RefundDecision, grant: Grant | null, fromOutside: boolean): Promise<boolean> {
    const { refundId } = decision;
    const saga = this.#sagas.get(refundId) ?? UNHEARD_OF;
    // A grant that is out while nobody holds it any more goes to whoever comes next, who begins with a read-back.
    const inherited = grant === null && this.#grant?.payment.refundId === refundId ? { ...this.#grant, run: this.#run, resumed: true } : null;
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
    const insisted = this.#insisted && isDue(decision);
    if (saga.status === 'running' && grant === null && !insisted && isKnown(saga, decision)) return false;

    const instruction: Instruction = { run: this.#run, decision, grant, policy: this.#policy };
    if (grant !== null) this.#give(grant);
    const told: SagaRecord = { ...saga, status: 'running', instructed: fingerprint(decision) };
    if (saga.status === 'running') {
      if (await sendToSaga(this.#at, refundId, { kind: 'instruct', instruction })) {
        this.#sagas.set(refundId, told);
        return true;
      }
      // It is gone; if it ended by itself, its last report is here by now and says more than this look.
      this.#sagas.set(refundId, { ...saga, status: 'absent' });
      if (grant !== null) this.#takeBack(grant);
      this.#lookDue = true;
      return false;
    }
    if (inherited !== null) this.#grant = inherited;
    if (await startSaga(this.#at, { ...instruction, grant: grant ?? inherited }, () => this.#lost(refundId))) {
      this.#watched.add(refundId);
      this.#sagas.set(refundId, told);
      return true;
    }
    // One runs that this run has not heard of, perhaps with a call of its own: nothing is granted before it has answered.
    if (grant !== null) this.#takeBack(grant);
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
    if (this.#insisted) for (const { refundId } of decisions) if (!this.#sagas.has(refundId)) await this.#ask(refundId);
  }

  /** A grant is out and nothing was heard of its saga: is it still there? If not, the next look hands the grant on. */
  async #checkOn(refundId: RefundId): Promise<void> {
    if (await sendToSaga(this.#at, refundId, { kind: 'report', run: this.#run })) return;
    this.#lost(refundId);
  }

  /** Recorded before anything is sent, so that the claim is there whatever happens next. */
  #give(grant: Grant): void {
    this.#grant = grant;
    this.#claims = [...this.#claims.filter(({ key }) => key !== grant.payment.key), grant.payment];
  }

  #takeBack(grant: Grant): void {
    this.#grant = null;
    this.#claims = this.#claims.filter(({ key }) => key !== grant.payment.key);
  }

  /** A saga ended without having finished: it is looked at again, and its grant, if it holds one, is taken over. */
  #lost(refundId: RefundId): void {
    log.warn('a refund saga ended before it was finished', { refundId });
    this.#watched.delete(refundId);
    const saga = this.#sagas.get(refundId);
    if (saga !== undefined) this.#sagas.set(refundId, { ...saga, status: 'absent', instructed: null, entry: null });
    this.#lookDue = true;
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
    if (held !== null) this.#settleGrant(held.grant, held.outcome);
    if (report.final || report.lookAgain || (this.#waiting && this.#grant === null)) this.#lookDue = true;
  }

  #settleGrant(grant: Grant, outcome: NonNullable<SagaReport['grant']>['outcome']): void {
    if (outcome === 'open') {
      // Given by a run before this one: its call is in flight, so it counts, and no other is granted beside it.
      this.#grant ??= grant;
      if (!this.#claims.some(({ key }) => key === grant.payment.key)) this.#claims = [...this.#claims, grant.payment];
      return;
    }
    if (this.#grant?.id === grant.id) {
      this.#fruitless = outcome === 'answered' ? 0 : this.#fruitless + 1;
      this.#grant = null;
    } else if (this.#grant?.payment.key === grant.payment.key) return;
    if (outcome === 'answered') return;
    this.#claims = this.#claims.filter(({ key }) => key !== grant.payment.key);
    this.#lookDue = true;
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
