import type { EntryLine } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Because, EntryDecision, OrderDecisions, RefundDecision } from '../../src/domain/refund-decision.ts';
import type { RefundReport } from '../../src/domain/refund-state.ts';
import { AT, bwpOrder, capturedOrder, ledgerOf, policyOf } from './facts.ts';
import { lineNumber } from './oms-side.ts';
import type { Scenario } from './scenario.ts';
import type { Action, Coordinator, EntryPart, Pools, Report, World } from './world.ts';
import { sagaOf } from './world.ts';

/** The function under test. */
export type Decide = (facts: OrderFacts, policy: Policy) => OrderDecisions;

/** A refund decision as the model acts on it. */
export type Verdict = {
  readonly refund: string;
  readonly kind: RefundDecision['kind'];
  readonly reason: string | null;
  /** Rules and texts; empty when a decision is not explained. */
  readonly because: string;
  readonly action: number | null;
  /** What a grant would be for. */
  readonly payment: number | null;
  readonly statusReason: string | null;
};

export type EntryVerdict = {
  readonly key: string;
  readonly kind: EntryDecision['kind'];
  readonly reason: string | null;
  readonly because: string;
  readonly action: number | null;
};

export type Verdicts = { readonly refunds: readonly Verdict[]; readonly entries: readonly EntryVerdict[] };

/** What the coordinator decides on. */
export type Snapshot = {
  readonly bwp: number;
  readonly reversed: boolean;
  readonly ledger: number;
  readonly claims: readonly number[];
  readonly answers: readonly number[];
  readonly refused: readonly string[];
  readonly resolutions: readonly number[];
  /** Payments that persons found to be made; `decide` sees the resolutions only. */
  readonly found: readonly number[];
};

/** Runs `decide` once per distinct snapshot. */
export class Decisions {
  readonly #decide: Decide;
  readonly #scenario: Scenario;
  readonly #policy: Policy;
  readonly #pools: Pools;
  readonly #captured: OrderFacts['captured'];
  readonly #known = new Map<string, Verdicts>();

  constructor(decide: Decide, scenario: Scenario, pools: Pools) {
    this.#decide = decide;
    this.#scenario = scenario;
    this.#policy = policyOf(scenario);
    this.#pools = pools;
    this.#captured = capturedOrder(scenario);
  }

  /** How many distinct snapshots were decided on. */
  get count(): number {
    return this.#known.size;
  }

  on(snapshot: Snapshot): Verdicts {
    const { bwp, reversed, ledger, claims, answers, refused, resolutions, found } = snapshot;
    const key = `${bwp},${reversed},${ledger},${claims.join()};${answers.join()};${refused.join()};${resolutions.join()};${found.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const decided = this.#decide(this.factsOf(snapshot), this.#policy);
    const verdicts = {
      refunds: decided.refunds.map((decision) => this.#verdict(decision)),
      entries: decided.entries.map((decision) => this.#entryVerdict(decision)),
    };
    this.#known.set(key, verdicts);
    return verdicts;
  }

  factsOf({ bwp, reversed, ledger, claims, answers, refused, resolutions }: Snapshot): OrderFacts {
    const entries = this.#pools.oms.at(ledger).value;
    return {
      at: AT,
      readAt: '2026-03-01T11:00:00Z',
      bwp: bwpOrder(this.#scenario, this.#pools.bwp.at(bwp).value, reversed),
      captured: this.#captured,
      ledger: ledgerOf(ledger, entries),
      returns: null,
      claims: claims.map((n) => this.#pools.payments.at(n).value),
      answers: answers.map((n) => this.#pools.answers.at(n).value),
      resolutions: resolutions.map((n) => this.#pools.resolutions.at(n).value),
      notices: entries.filter(({ source }) => source !== 'BWP' && source !== 'AMAZON').map(({ key, at }) => ({ key, at })),
      refusedVoids: refused,
    };
  }

  #verdict(decision: RefundDecision): Verdict {
    const { refundId: refund, kind, because } = decision;
    const action = actionOf(decision);
    const pays = decision.kind === 'pay' || decision.kind === 'pay_part';
    return {
      refund,
      kind,
      reason: decision.kind === 'manual' || decision.kind === 'needs_approval' ? decision.reason : null,
      because: becauseText(because),
      action: action === null ? null : this.#pools.actions.of(action).n,
      payment: pays ? this.#pools.payments.of(decision.payment).n : null,
      statusReason: 'statusReason' in decision ? decision.statusReason : null,
    };
  }

  #entryVerdict(decision: EntryDecision): EntryVerdict {
    const { key, kind, because } = decision;
    const action = entryActionOf(decision);
    return {
      key,
      kind,
      reason: decision.kind === 'manual' ? decision.reason : null,
      because: becauseText(because),
      action: action === null ? null : this.#pools.actions.of(action).n,
    };
  }
}

/** What a coordinator that remembers `co` would decide on if it read both sides now. */
export function snapshotNow(world: World, co: Coordinator = world.co.value): Snapshot {
  return snapshotOf(world, co, { bwp: world.bwp.n, reversed: false, ledger: world.oms.n });
}

export function snapshotOf(world: World, co: Coordinator, read: Pick<Snapshot, 'bwp' | 'reversed' | 'ledger'>): Snapshot {
  const heard = world.sagas.value.refunds.filter(([id]) => !co.unasked.includes(id)).map(([id]) => sagaOf(world.sagas.value, id));
  return {
    ...read,
    claims: co.claims,
    answers: heard.flatMap(({ answers }) => answers),
    refused: heard.flatMap(({ refused }) => refused),
    resolutions: world.rest.value.resolutions,
    found: world.rest.value.found,
  };
}

const becauseText = (because: readonly Because[]): string => because.map(({ rule, text }) => `${text} (${rule})`).join(' ');

function actionOf(decision: RefundDecision): Action | null {
  switch (decision.kind) {
    case 'follow':
      return { kind: 'follow', key: decision.key, reason: decision.statusReason };
    case 'declined':
      return { kind: 'declined', key: decision.key };
    case 'void':
      return { kind: 'void', key: decision.key };
    case 'record': {
      const { state, total, lines, createdAt } = decision.record;
      return { kind: 'record', state, total: total.minor, lines: lines.map(partOf), at: createdAt };
    }
    case 'adopt':
    case 'already_refunded':
    case 'nothing_due':
    case 'denied':
      return { kind: 'tell', reports: decision.reports.map(reportOf) };
    case 'needs_approval':
      return { kind: 'ask', reason: decision.reason, shown: JSON.stringify(decision.shown) };
    case 'manual':
      return { kind: 'ask', reason: decision.reason, shown: null };
    case 'pay':
    case 'pay_part':
    case 'paying':
    case 'await_return':
    case 'hold':
    case 'settled':
      return null;
  }
}

function entryActionOf(decision: EntryDecision): Action | null {
  switch (decision.kind) {
    case 'mirror':
      return {
        kind: 'mirror',
        report: reportOf(decision.report),
        lines: decision.lines.map(({ lineId, units }) => [lineNumber(lineId), units] as const),
      };
    case 'update_mirror':
      return { kind: 'update', refund: decision.refundId, report: reportOf(decision.report) };
    case 'hold':
    case 'manual':
    case 'settled':
      return null;
  }
}

const reportOf = ({ state, total, alias, statusReason, payments }: RefundReport): Report => ({
  state,
  total: total.minor,
  alias: alias?.aliasId ?? null,
  reason: statusReason,
  payments: payments.map(({ id, amount }) => [id, amount.minor] as const),
});

const partOf = ({ lineId, units, amount, components }: EntryLine): EntryPart => ({
  line: lineNumber(lineId),
  units,
  minor: amount,
  components: components as EntryPart['components'],
});
