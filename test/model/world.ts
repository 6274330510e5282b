import type { Payment } from '../../src/domain/order.ts';
import type { PersonAnswer, Resolution } from '../../src/domain/person-answer.ts';
import { Pool, type Pooled } from './pool.ts';

/** A refund as BwP shows it. `byUs`: the state that is shown was set by us; BwP does not show that, the checks and a saga's memory know it. */
export type Shown = {
  readonly id: string;
  readonly at: string | null;
  readonly state: string;
  readonly total: number;
  readonly alias: string | null;
  readonly reason: string | null;
  /** Line by position; units null: all of that line. */
  readonly lines: readonly (readonly [line: number, units: number | null])[];
  readonly payments: readonly (readonly [id: string, minor: number])[];
  readonly byUs: boolean;
};

export type EntryPart = {
  readonly line: number;
  readonly units: number | null;
  readonly minor: number;
  readonly components: Readonly<Record<string, number>> | null;
};

/** A refund as the OMS holds it. */
export type Entry = {
  readonly key: string;
  readonly source: 'BWP' | 'AMAZON' | 'EXTERNAL' | 'DISPUTE' | 'GOODWILL';
  readonly refund: string | null;
  readonly external: string | null;
  readonly state: string;
  readonly total: number;
  readonly paid: number;
  readonly at: string;
  readonly ended: string | null;
  readonly lines: readonly EntryPart[];
  readonly shares: readonly (readonly [payment: string, minor: number])[];
  readonly payouts: readonly number[];
};

/** What a report to BwP sets. */
export type Report = {
  readonly state: string;
  readonly total: number;
  readonly alias: string | null;
  readonly reason: string | null;
  readonly payments: readonly (readonly [id: string, minor: number])[];
};

/** What a saga has in hand to do. `ask` and `declined` wait for a person. */
export type Action =
  | { readonly kind: 'tell'; readonly reports: readonly Report[] }
  | { readonly kind: 'follow'; readonly key: string; readonly reason: string | null }
  | { readonly kind: 'declined'; readonly key: string }
  | { readonly kind: 'void'; readonly key: string }
  | { readonly kind: 'record'; readonly state: string; readonly total: number; readonly lines: readonly EntryPart[]; readonly at: string | null }
  | { readonly kind: 'ask'; readonly reason: string; readonly shown: string | null }
  | { readonly kind: 'mirror'; readonly report: Report; readonly lines: Shown['lines'] }
  | { readonly kind: 'update'; readonly refund: string; readonly report: Report };

/** A money call from its grant to its answer. */
export type Call = {
  /** Number of the payment in its pool. */
  readonly payment: number;
  readonly sent: boolean;
  /** The ledger that the decision stood on; −1 once the OMS holds another. */
  readonly ledger: number;
  /** What BwP showed when it was last read. */
  readonly bwp: number;
  /** Numbers of what persons had said when it was granted. */
  readonly said: { readonly answers: readonly number[]; readonly resolutions: readonly number[] };
  readonly reason: string | null;
};

/** The saga of one BwP refund. */
export type Saga = {
  /** Number of the action in its pool. */
  readonly action: number | null;
  readonly call: Call | null;
  /** Numbers of the answers in their pool. */
  readonly answers: readonly number[];
  /** Keys that the OMS refused to void. */
  readonly refused: readonly string[];
  /** A money call that a person gave up, and that the OMS may still take. */
  readonly late: Call | null;
};

export type Sagas = {
  /** Sagas with something to remember, by refund id, sorted. */
  readonly refunds: readonly (readonly [id: string, saga: Saga])[];
  /** What is due on external entries, by key, sorted. */
  readonly entries: readonly (readonly [key: string, action: number])[];
};

export type Coordinator = {
  /** Refunds whose sagas this run has not heard of; what they hold is not known to it. */
  readonly unasked: readonly string[];
  /** The refund that has the grant. */
  readonly grant: string | null;
  /** Numbers of payments: granted and not seen in the ledger. */
  readonly claims: readonly number[];
  /** A look that is under way: what was read so far. `reversed`: BwP listed its refunds the other way round. */
  readonly look: { readonly bwp: number; readonly reversed: boolean; readonly ledger: number | null } | null;
};

/** What is neither side's nor ours. */
export type Rest = {
  readonly losses: number;
  readonly persons: number;
  readonly resolutions: readonly number[];
  /** Numbers of payments that a person found to be with the shopper, whatever the OMS says. */
  readonly found: readonly number[];
  /** Where facts come first: what both sides held at the first look. */
  readonly start: string | null;
};

/** One state of the model. Parts are pooled: two states are the same when the numbers of their parts are. */
export type World = {
  readonly bwp: Pooled<readonly Shown[]>;
  readonly oms: Pooled<readonly Entry[]>;
  readonly co: Pooled<Coordinator>;
  readonly sagas: Pooled<Sagas>;
  readonly rest: Pooled<Rest>;
};

export const keyOf = ({ bwp, oms, co, sagas, rest }: World): string => `${bwp.n},${oms.n},${co.n},${sagas.n},${rest.n}`;

const NO_SAGA: Saga = { action: null, call: null, answers: [], refused: [], late: null };

/** The pools of one exploration. */
export class Pools {
  readonly bwp = new Pool<readonly Shown[]>();
  readonly oms = new Pool<readonly Entry[]>();
  readonly co = new Pool<Coordinator>();
  readonly sagas = new Pool<Sagas>();
  readonly rest = new Pool<Rest>();
  readonly actions = new Pool<Action>();
  readonly payments = new Pool<Payment>();
  readonly answers = new Pool<PersonAnswer>();
  readonly resolutions = new Pool<Resolution>();
}

/** The changes of a step; what is left out stays. */
export type Change = {
  readonly bwp?: readonly Shown[];
  readonly oms?: readonly Entry[];
  readonly co?: Coordinator;
  readonly sagas?: Sagas;
  readonly rest?: Rest;
};

/** The next world. A call whose ledger the OMS holds no more will be refused as stale, whichever it was. */
export function changed(pools: Pools, world: World, change: Change): World {
  const oms = change.oms === undefined ? world.oms : pools.oms.of(change.oms);
  let sagas = change.sagas ?? world.sagas.value;
  if (sagas.refunds.some(([, saga]) => isOutdated(saga, oms.n))) {
    sagas = { ...sagas, refunds: sagas.refunds.map(([id, saga]) => [id, isOutdated(saga, oms.n) ? outdated(saga, oms.n) : saga] as const) };
  }
  return {
    bwp: change.bwp === undefined ? world.bwp : pools.bwp.of(change.bwp),
    oms,
    co: change.co === undefined ? world.co : pools.co.of(change.co),
    sagas: sagas === world.sagas.value ? world.sagas : pools.sagas.of(sagas),
    rest: change.rest === undefined ? world.rest : pools.rest.of(change.rest),
  };
}

const isOutdated = ({ call, late }: Saga, ledger: number): boolean =>
  (call !== null && call.ledger !== ledger && call.ledger !== -1) || (late !== null && late.ledger !== ledger);

function outdated(saga: Saga, ledger: number): Saga {
  const { call, late } = saga;
  return { ...saga, call: call !== null && call.ledger !== ledger ? { ...call, ledger: -1 } : call, late: late?.ledger === ledger ? late : null };
}

export const sagaOf = (sagas: Sagas, id: string): Saga => sagas.refunds.find(([other]) => other === id)?.[1] ?? NO_SAGA;

export function withSaga(sagas: Sagas, id: string, saga: Saga): Sagas {
  const others = sagas.refunds.filter(([other]) => other !== id);
  const empty = saga.action === null && saga.call === null && saga.answers.length === 0 && saga.refused.length === 0 && saga.late === null;
  return { ...sagas, refunds: empty ? others : [...others, [id, saga] as const].sort(byName) };
}

export function withEntryAction(sagas: Sagas, key: string, action: number | null): Sagas {
  const others = sagas.entries.filter(([other]) => other !== key);
  return { ...sagas, entries: action === null ? others : [...others, [key, action] as const].sort(byName) };
}

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** The time of the next thing that happens: a minute later than all that has. */
export function nextTime({ bwp, oms }: World): string {
  const minutes = bwp.value.length + oms.value.length + oms.value.filter(({ ended }) => ended !== null).length;
  return `2026-03-01T10:${String(minutes).padStart(2, '0')}:00Z`;
}
