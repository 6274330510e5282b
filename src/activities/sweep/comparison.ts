import type { Look } from '../../contracts/activities.ts';
import type { OrderState } from '../../contracts/order-state.ts';
import { seesByItself, seesThrough } from '../../contracts/saga-knowledge.ts';
import type { RefundState } from '../../contracts/sagas.ts';
import type { SideKind, SideState } from '../../contracts/side-sagas.ts';
import { decide } from '../../domain/decide.ts';
import type { OrderRef } from '../../domain/ids.ts';
import { aliasIdOf } from '../../domain/live-entry.ts';
import type { LedgerEntry } from '../../domain/order.ts';
import { entriesOf, type OrderFacts } from '../../domain/order-facts.ts';
import {
  type Because,
  type EntryDecision,
  fingerprint,
  isDue,
  isEntryDue,
  type OrderDecisions,
  type RefundDecision,
} from '../../domain/refund-decision.ts';
import { type ExternalReturnDecision, isExternalReturnDue, isReturnDue, type ReturnDecision } from '../../domain/return-decision.ts';

/** A saga that runs: its state as it answered, null when it did not. */
export type RunningSaga =
  | { readonly saga: 'refund'; readonly id: string; readonly state: RefundState | null }
  | { readonly saga: SideKind; readonly id: string; readonly state: SideState | null };

/** What only an order's coordinator may know beside its sagas, where the OMS does not keep it. */
export type CoordinatorKnows = Pick<OrderState, 'claims' | 'answers' | 'resolutions' | 'notices' | 'refusedVoids'>;

/** What runs for an order at Temporal. `coordinator`: what it knows; null where it does not run, or did not answer. */
export type OrderSagas = {
  readonly coordinatorRuns: boolean;
  readonly coordinator: CoordinatorKnows | null;
  readonly sagas: readonly RunningSaga[];
};

const NOTHING_RUNS: OrderSagas = { coordinatorRuns: false, coordinator: null, sagas: [] };

/** One decision of an order, and the saga that is responsible for it. */
export type Matter =
  | { readonly saga: 'refund'; readonly id: string; readonly decision: RefundDecision }
  | { readonly saga: 'externalRefund'; readonly id: string; readonly decision: EntryDecision }
  | { readonly saga: 'return'; readonly id: string; readonly decision: ReturnDecision }
  | { readonly saga: 'externalReturn'; readonly id: string; readonly decision: ExternalReturnDecision };

const NAMES = { refund: 'refund', externalRefund: 'refund from elsewhere', return: 'return', externalReturn: 'return from elsewhere' } as const;

export const matterName = ({ saga, id }: Pick<Matter, 'saga' | 'id'>): string => `${NAMES[saga]} ${id}`;

const LONGEST_REASON = 300;

/** What is decided and why, short enough for a report. */
export function matterText({ decision }: Matter): string {
  const reasons: readonly Because[] = decision.because;
  const text = `${decision.kind}: ${reasons.map(({ rule, text }) => `${text} (${rule})`).join(' ')}`;
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}

/** All that is decided on an order as it was read, with what its running workflows know besides. */
export function mattersOf(at: OrderRef, look: Look, running: OrderSagas = NOTHING_RUNS): readonly Matter[] {
  const { bwp, captured, ledger, readAt, policy } = look;
  const facts: OrderFacts = { at, readAt, bwp, captured, ledger, returns: look.returns ?? null, ...knownOf(look, running) };
  const decisions: OrderDecisions & DecidedReturns = decide(facts, policy);
  const { refunds, entries, returns = [], externalReturns = [] } = decisions;
  return [
    ...refunds.map((decision): Matter => ({ saga: 'refund', id: decision.refundId, decision })),
    ...entries.map((decision): Matter => ({ saga: 'externalRefund', id: externalIdOf(entriesOf(facts), decision.key), decision })),
    ...returns.map((decision): Matter => ({ saga: 'return', id: decision.returnId, decision })),
    ...externalReturns.map((decision): Matter => ({ saga: 'externalReturn', id: decision.externalReturnId, decision })),
  ];
}

/** Each thing once: what the OMS keeps wins over the coordinator, as it does there, and a saga over what it reported before. */
function knownOf(look: Look, { coordinator, sagas }: OrderSagas): CoordinatorKnows {
  const states = sagas.flatMap((each) => (each.saga === 'refund' && each.state !== null ? [each.state] : []));
  const stored = look.resolutions ?? [];
  const kept = [...(coordinator?.resolutions ?? []), ...states.flatMap(({ resolutions = [] }) => resolutions)]; // the newest on a key counts
  const resolutions = [...stored, ...without(stored, kept, ({ key }) => key)];
  const called = states.flatMap(({ call }) => (call?.outcome === 'open' || call?.outcome === 'resolved' ? [call.grant.payment] : []));
  const answered = states.flatMap(({ answers }) => answers ?? []);
  // A claim that no saga is at is none: its payment has to be found due, so that the coordinator looks for whoever had it.
  const claimed = (coordinator?.claims ?? []).filter(
    ({ key, refundId }) => resolutions.some((said) => said.key === key) || sagas.some(({ saga, id }) => saga === 'refund' && id === refundId),
  );
  const refused = states.flatMap(({ refusedVoid }) => (refusedVoid === null ? [] : [refusedVoid]));
  return {
    claims: [...called, ...without(called, claimed, ({ key }) => key)],
    answers: [...without(answered, coordinator?.answers ?? [], ({ commandId }) => commandId), ...answered],
    resolutions,
    notices: coordinator?.notices ?? [],
    refusedVoids: [...new Set([...(coordinator?.refusedVoids ?? []), ...refused])],
  };
}

/** Those of `items` that are not among `known`. */
function without<Item>(known: readonly Item[], items: readonly Item[], idOf: (item: Item) => string): readonly Item[] {
  const ids = new Set(known.map(idOf));
  return items.filter((item) => !ids.has(idOf(item)));
}

type DecidedReturns = { readonly returns?: readonly ReturnDecision[]; readonly externalReturns?: readonly ExternalReturnDecision[] };

/** As the coordinator names its saga. */
function externalIdOf(entries: readonly LedgerEntry[], key: string): string {
  const entry = entries.find((each) => each.key === key);
  return entry?.source === 'EXTERNAL' ? aliasIdOf(entry) : key;
}

/** Whether a saga has to be at it, which shows it to a person where need be. */
export function isOpenMatter(matter: Matter): boolean {
  switch (matter.saga) {
    case 'refund':
      return isDue(matter.decision);
    case 'externalRefund':
      return isEntryDue(matter.decision) || matter.decision.kind === 'manual';
    case 'return':
      return isReturnDue(matter.decision);
    case 'externalReturn':
      return isExternalReturnDue(matter.decision);
  }
}

/** Whether one side has not been told what the other holds. */
export function isUntold(matter: Matter): boolean {
  switch (matter.saga) {
    case 'refund':
      return matter.decision.kind === 'record';
    case 'externalRefund':
      return isEntryDue(matter.decision);
    case 'return':
      return matter.decision.tell !== null;
    case 'externalReturn':
      return matter.decision.kind === 'add' || matter.decision.kind === 'update';
  }
}

/** Why the order's coordinator has to look again; null when all that is open is in somebody's hands who knows. */
export function reasonToWake(matters: readonly Matter[], { coordinatorRuns, sagas }: OrderSagas): string | null {
  for (const matter of matters) {
    const running = sagas.find(({ saga, id }) => saga === matter.saga && id === matter.id);
    if (isOpenMatter(matter) && running === undefined) return `${matterName(matter)}: nobody is at it. ${matterText(matter)}`;
    // A refund's saga waits for grants, which only a coordinator gives.
    if (matter.saga === 'refund' && isOpenMatter(matter) && !coordinatorRuns) {
      return `${matterName(matter)}: its coordinator has closed. ${matterText(matter)}`;
    }
    if (running !== undefined && !isKnown(matter, running)) return `${matterName(matter)}: its saga does not know. ${matterText(matter)}`;
  }
  return null;
}

/** Whether a running saga acts on what is decided now; one that did not answer is left alone. */
function isKnown(matter: Matter, running: RunningSaga): boolean {
  if (running.state === null) return true;
  if (matter.saga === 'refund') return running.saga !== 'refund' || refundIsKnown(matter.decision, running.state as RefundState);
  const instructed = (running.state as SideState).instruction.wanted.decision;
  if (isUntold(matter)) return withoutReasons(instructed) === withoutReasons(matter.decision);
  if (instructed.kind === matter.decision.kind) return true;
  // What was told already is no longer due, and the saga that told it need not hear so.
  return matter.decision.kind !== 'manual' && isUntold({ ...matter, decision: instructed } as Matter);
}

function refundIsKnown(decision: RefundDecision, { entry, instruction, state }: RefundState): boolean {
  if (seesByItself({ seesThrough: seesThrough(instruction.decision), state, entry }, decision)) return true;
  if (decision.kind === 'settled' && (state === 'REPORTING' || state === 'DONE')) return true; // its answer was just taken
  if (decision.kind === 'void' && state === 'PAYING') return true;
  return fingerprint(instruction.decision) === fingerprint(decision);
}

function withoutReasons<Decision extends { readonly because: readonly Because[] }>(decision: Decision): string {
  const { because: _, ...rest } = decision;
  return JSON.stringify(rest);
}
