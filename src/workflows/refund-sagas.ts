import { log } from '@temporalio/workflow';
import type { Grant, Instruction, SagaReport } from '../contracts/messages.ts';
import type { OrderState, SagaRecord } from '../contracts/order-state.ts';
import { seesByItself, seesThrough } from '../contracts/saga-knowledge.ts';
import type { RefundSagaState } from '../contracts/sagas.ts';
import type { RefundId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { fingerprint, isDue, type RefundDecision } from '../domain/refund-decision.ts';
import type { KnownFacts } from './known-facts.ts';
import type { MoneyCalls } from './money-calls.ts';
import { sendToSaga, startSaga } from './saga-channel.ts';

const UNHEARD_OF: SagaRecord = { status: 'absent', instructed: null, seesThrough: false, state: null, entry: null };

/** What handing a decision out led to, for whoever decides when to look again. */
export type HandedOut = {
  readonly acted: boolean;
  /** Its saga has to answer, or its turn to come, first. */
  readonly waits: boolean;
  /** Its saga has done its part and the look does not show it yet: wait before it is done again. */
  readonly paced: boolean;
};

const NOTHING: HandedOut = { acted: false, waits: false, paced: false };

/** How a decision is to be handed out. `fromOutside`: somebody outside, or the clock, asked for the look; `insisted`: a person did. */
export type HandingOut = { readonly run: number; readonly policy: Policy; readonly fromOutside: boolean; readonly insisted: boolean };

/** The refund sagas of an order: which run, what each was told, and whether any may hold a grant that this run has not heard of. */
export class RefundSagas {
  readonly #at: OrderState['at'];
  readonly #records: Map<RefundId, SagaRecord>;
  /** Those that this run started, so that it hears when one is lost. */
  readonly #watched = new Set<RefundId>();
  readonly #calls: MoneyCalls;
  readonly #known: KnownFacts;
  /** Something changed that asks for another look at once. */
  readonly #onChange: () => void;

  constructor(
    state: Pick<OrderState, 'at' | 'sagas'>,
    parts: { readonly calls: MoneyCalls; readonly known: KnownFacts; readonly onChange: () => void },
  ) {
    this.#at = state.at;
    this.#records = new Map(Object.entries(state.sagas) as [RefundId, SagaRecord][]);
    this.#calls = parts.calls;
    this.#known = parts.known;
    this.#onChange = parts.onChange;
  }

  get isEmpty(): boolean {
    return this.#records.size === 0;
  }

  has(refundId: RefundId): boolean {
    return this.#records.has(refundId);
  }

  isWatched(refundId: RefundId): boolean {
    return this.#watched.has(refundId);
  }

  /** Refunds whose saga runs, or may run. */
  open(): RefundId[] {
    return [...this.#records].filter(([, { status }]) => status !== 'absent').map(([refundId]) => refundId);
  }

  /** Those that were asked where they stand and have not answered. */
  asked(): RefundId[] {
    return [...this.#records].filter(([, { status }]) => status === 'asked').map(([refundId]) => refundId);
  }

  /** Asks a saga where it stands; when none runs, nobody holds an older grant for that refund, and false comes back. */
  async ask(refundId: RefundId, run: number): Promise<boolean> {
    const runs = await sendToSaga(this.#at, refundId, { kind: 'report', run });
    this.#records.set(refundId, { ...(this.#records.get(refundId) ?? UNHEARD_OF), status: runs ? 'asked' : 'absent' });
    return runs;
  }

  /**
   * Those that have not answered are asked again, and so are those that this run does not watch, as they may be gone. A person who
   * insists reaches sagas that this run has had no reason to hear of.
   */
  async askAgain(decisions: readonly RefundDecision[], { run, insisted }: Pick<HandingOut, 'run' | 'insisted'>): Promise<void> {
    for (const refundId of this.asked()) await this.ask(refundId, run);
    for (const [refundId, { status }] of this.#records) if (status === 'running' && !this.#watched.has(refundId)) await this.checkOn(refundId, run);
    if (insisted) for (const { refundId } of decisions) if (!this.#records.has(refundId)) await this.ask(refundId, run);
  }

  /** A grant is out and nothing was heard of its saga: is it still there? If not, the next look hands the grant on. */
  async checkOn(refundId: RefundId, run: number): Promise<void> {
    if (await sendToSaga(this.#at, refundId, { kind: 'report', run })) return;
    this.#lost(refundId);
  }

  /** Brings a decision to its saga, starting it where needed. */
  async handOut(decision: RefundDecision, grant: Grant | null, { run, policy, fromOutside, insisted }: HandingOut): Promise<HandedOut> {
    const { refundId } = decision;
    const saga = this.#records.get(refundId) ?? UNHEARD_OF;
    // A grant that is out while nobody holds it any more goes to whoever comes next, who begins with a read-back.
    const out = this.#calls.grant;
    const inherited = grant === null && out?.payment.refundId === refundId ? { ...out, run, resumed: true } : null;
    if (saga.status === 'asked') return { ...NOTHING, waits: true };
    let paced = false;
    if (saga.status === 'absent' && inherited === null) {
      if (!isDue(decision)) return NOTHING;
      paced = grant === null && isKnown(saga, decision);
      if (paced && !fromOutside) return { acted: false, waits: true, paced };
    }
    if (saga.status === 'running' && grant === null && !(insisted && isDue(decision)) && isKnown(saga, decision)) return NOTHING;

    const instruction: Instruction = { run, decision, grant, policy, ...this.#known.saidOn(refundId) };
    if (grant !== null) this.#calls.give(grant);
    const told: SagaRecord = { ...saga, status: 'running', instructed: fingerprint(decision), seesThrough: seesThrough(decision) };
    if (saga.status === 'running') {
      if (await sendToSaga(this.#at, refundId, { kind: 'instruct', instruction })) {
        this.#records.set(refundId, told);
        return { acted: true, waits: false, paced };
      }
      // It is gone; if it ended by itself, its last report is here by now and says more than this look.
      this.#records.set(refundId, { ...saga, status: 'absent' });
      if (grant !== null) this.#calls.takeBack(grant);
      this.#onChange();
      return { acted: false, waits: false, paced };
    }
    if (inherited !== null) this.#calls.handOn(inherited);
    if (await startSaga(this.#at, { ...instruction, grant: grant ?? inherited }, () => this.#lost(refundId))) {
      this.#watched.add(refundId);
      this.#records.set(refundId, told);
      return { acted: true, waits: false, paced };
    }
    // One runs that this run has not heard of, perhaps with a call of its own: nothing is granted before it has answered.
    if (grant !== null) this.#calls.takeBack(grant);
    const waits = await this.ask(refundId, run);
    if (!waits) this.#onChange();
    return { acted: true, waits, paced };
  }

  hear({ refundId, final, state, entry }: SagaReport): void {
    const known = this.#records.get(refundId) ?? UNHEARD_OF;
    this.#records.set(refundId, { ...known, status: final ? 'absent' : 'running', state, entry });
    if (final) this.#watched.delete(refundId);
  }

  /** Where those that were heard of stood last. */
  states(): Readonly<Record<string, RefundSagaState>> {
    return Object.fromEntries(
      [...this.#records].flatMap(([refundId, { state }]): [string, RefundSagaState][] => (state === null ? [] : [[refundId, state]])),
    );
  }

  kept(): OrderState['sagas'] {
    return Object.fromEntries(this.#records);
  }

  /** It ended without having finished: the order is looked at again, and its grant, if it holds one, is taken over. */
  #lost(refundId: RefundId): void {
    log.warn('a refund saga ended before it was finished', { refundId });
    this.#watched.delete(refundId);
    const saga = this.#records.get(refundId);
    if (saga !== undefined) this.#records.set(refundId, { ...saga, status: 'absent', instructed: null, seesThrough: false, entry: null });
    this.#onChange();
  }
}

/** Whether a running saga knows what a decision says: it was told so, or has seen it itself. */
const isKnown = (saga: SagaRecord, decision: RefundDecision): boolean => seesByItself(saga, decision) || saga.instructed === fingerprint(decision);
