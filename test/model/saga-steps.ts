import { added, told } from './bwp-side.ts';
import { checkAccepted, checkSent } from './check-money.ts';
import { snapshotNow } from './decisions.ts';
import { payoutId } from './facts.ts';
import { Broken, type Model, type Step } from './model.ts';
import { accepted, isFinal, recorded, voided } from './oms-side.ts';
import { isSpokenFor } from './who-has-what.ts';
import {
  type Action,
  type Call,
  type Change,
  type Coordinator,
  changed,
  type Entry,
  nextTime,
  type Report,
  type Saga,
  type World,
  withEntryAction,
  withSaga,
} from './world.ts';

/** What the sagas do by themselves: their money call first, then what they were told. */
export function sagaSteps(model: Model, world: World): Step[] {
  const { refunds, entries } = world.sagas.value;
  return [
    ...refunds.flatMap(([id, { late }]) => (late === null ? [] : acceptSteps(model, world, id, late))),
    ...refunds.flatMap(([id, saga]) =>
      saga.call === null ? actionSteps(model, world, id, saga) : callSteps(model, world, { id, saga, call: saga.call }),
    ),
    ...entries.flatMap(([key, action]) => entrySteps(model, world, key, action)),
  ];
}

type Calling = { readonly id: string; readonly saga: Saga; readonly call: Call };

function callSteps(model: Model, world: World, { id, saga, call }: Calling): Step[] {
  const { pools } = model;
  const payment = pools.payments.at(call.payment).value;
  const step = (label: string, change: Change): Step => ({ label: `${id}: ${label}`, to: changed(pools, world, change), ours: true });
  const end = (ended: Saga, paid: boolean): Change => ({
    co: heard(world.co.value, { id, payment: call.payment, paid: paid && !isSpokenFor(model, world, payment.key) }),
    sagas: withSaga(world.sagas.value, id, ended),
  });
  if (!call.sent) {
    if (!stillAsks(world, id, payment.key) || isDenied(model, saga))
      return [step('does not send its money call', end({ ...saga, call: null, action: null }, false))];
    checkSent(world, id);
    return [
      step(`sends its money call ${payment.key} (${payment.amount.total})`, {
        sagas: withSaga(world.sagas.value, id, { ...saga, call: { ...call, sent: true } }),
      }),
    ];
  }
  const entry = world.oms.value.find(({ key }) => key === payment.key);
  if (entry !== undefined) {
    const follow: Action = { kind: 'follow', key: entry.key, reason: call.reason };
    const action = entry.state === 'VOIDED' ? null : pools.actions.of(follow).n;
    return [step(`hears that ${entry.key} is ${entry.state}`, end({ ...saga, call: null, action }, true))];
  }
  if (call.ledger === -1) return [step('hears that the ledger has moved on', end({ ...saga, call: null, action: null }, false))];
  return acceptSteps(model, world, id, call);
}

/** What the OMS may make of a money call that reaches it while its ledger is as the call expects. */
function acceptSteps(model: Model, world: World, id: string, call: Call): Step[] {
  const payment = model.pools.payments.at(call.payment).value;
  return model.scenario.answers.map((state) => {
    const oms = accepted(world.oms.value, payment, { state, at: nextTime(world) });
    checkAccepted(model, world, { id, call, ledger: oms });
    return { label: `${id}: the OMS takes ${payment.key}: ${state}`, to: changed(model.pools, world, { oms }), ours: true };
  });
}

/**
 * The grant ends, and the coordinator has heard of this saga. A claim ends only where nothing was paid; a run that did not know of the call
 * learns of it here, and keeps it as a claim until a ledger shows it: the one that it has just read may be older.
 */
function heard(co: Coordinator, { id, payment, paid }: { readonly id: string; readonly payment: number; readonly paid: boolean }): Coordinator {
  const others = co.claims.filter((claim) => claim !== payment);
  const claims = paid && (co.unasked.includes(id) || others.length < co.claims.length) ? [...others, payment].sort((a, b) => a - b) : others;
  return { ...co, unasked: co.unasked.filter((other) => other !== id), grant: co.grant === id ? null : co.grant, claims };
}

/** The read of BwP right before the first send. FAILURE is open again only for a second attempt. */
function stillAsks({ bwp }: World, id: string, key: string): boolean {
  const shown = bwp.value.find((refund) => refund.id === id);
  return shown?.state === 'PENDING' || (shown?.state === 'FAILURE' && !key.endsWith('/1'));
}

const isDenied = ({ pools }: Model, { answers }: Saga): boolean => {
  const kinds = answers.map((n) => pools.answers.at(n).value.kind);
  return kinds.slice(kinds.lastIndexOf('withdraw') + 1).includes('deny');
};

function actionSteps(model: Model, world: World, id: string, saga: Saga): Step[] {
  const { pools } = model;
  if (saga.action === null) return [];
  const action = pools.actions.at(saga.action).value;
  const next = (now: Partial<Saga>): Change['sagas'] & object => withSaga(world.sagas.value, id, { ...saga, ...now });
  const step = (label: string, change: Change): Step[] => [{ label: `${id}: ${label}`, to: changed(pools, world, change), ours: true }];
  const done = next({ action: null });
  switch (action.kind) {
    case 'tell': {
      for (const report of action.reports) {
        const bwp = told(world.bwp.value, id, report);
        if (bwp !== null) return step(`tells BwP ${text(report)}`, { bwp, sagas: done });
      }
      return refused(model, world, { id, saga, sagas: done });
    }
    case 'follow':
    case 'declined': {
      const entry = world.oms.value.find(({ key }) => key === action.key);
      if (entry === undefined) throw new Broken('follow', `${id} follows ${action.key}, which the OMS does not hold`);
      const report = reportOn(entry, action.kind === 'follow' ? action.reason : null);
      if (report === null) return entry.state === 'VOIDED' ? step('has nothing to follow', { sagas: done }) : [];
      const bwp = told(world.bwp.value, id, report);
      if (bwp === null) return refused(model, world, { id, saga, sagas: done });
      const sagas = action.kind === 'follow' && isFinal(entry) ? done : world.sagas.value;
      return bwp === world.bwp.value && sagas === world.sagas.value ? [] : step(`tells BwP ${text(report)}`, { bwp, sagas });
    }
    case 'void': {
      if (!world.oms.value.some(({ key }) => key === action.key)) throw new Broken('void', `${id} voids ${action.key}, which the OMS does not hold`);
      const oms = voided(world.oms.value, action.key, nextTime(world));
      const no = { sagas: next({ action: null, refused: [...new Set([...saga.refused, action.key])] }) };
      const refusal = oms === null || model.scenario.refusesVoids ? step(`${action.key} cannot be voided any more`, no) : [];
      return oms === null ? refusal : [...step(`voids ${action.key}`, { oms, sagas: done }), ...refusal];
    }
    case 'record':
      return step(`has the OMS book ${action.total} of Amazon`, {
        oms: recorded(world.oms.value, id, { ...action, now: nextTime(world) }),
        sagas: done,
      });
    case 'ask':
    case 'mirror':
    case 'update':
      return [];
  }
}

function entrySteps(model: Model, world: World, key: string, action: number): Step[] {
  const { pools } = model;
  const { value } = pools.actions.at(action);
  const sagas = withEntryAction(world.sagas.value, key, null);
  if (value.kind === 'mirror') {
    const bwp = added(world.bwp.value, { ...value, at: nextTime(world) });
    return [{ label: `${key}: added to BwP as ${value.report.state}`, to: changed(pools, world, { bwp, sagas }), ours: true }];
  }
  if (value.kind !== 'update') return [];
  const bwp = told(world.bwp.value, value.refund, value.report);
  if (bwp !== null) return [{ label: `${key}: BwP is told ${text(value.report)}`, to: changed(pools, world, { bwp, sagas }), ours: true }];
  const again = model.decisions.on(snapshotNow(world)).entries.find((verdict) => verdict.key === key);
  if (again?.action === action) throw new Broken('legal', `${key}: BwP does not take ${text(value.report)}, and it is decided again`);
  return [{ label: `${key}: BwP does not take ${text(value.report)}`, to: changed(pools, world, { sagas }), ours: true }];
}

/** BwP shows something that somebody else set, or does not take the step: fine if the facts moved on meanwhile, not if it is decided again. */
function refused(model: Model, world: World, given: { readonly id: string; readonly saga: Saga; readonly sagas: World['sagas']['value'] }): Step[] {
  const { id, saga, sagas } = given;
  const again = model.decisions.on(snapshotNow(world)).refunds.find(({ refund }) => refund === id);
  if (again?.action === saga.action) {
    throw new Broken('legal', `${id}: BwP does not take what is decided (${again?.kind}), and it is decided again on what BwP shows now`);
  }
  return [{ label: `${id}: BwP does not take its answer`, to: changed(model.pools, world, { sagas }), ours: true }];
}

/** What BwP shall show of an entry of ours; null while there is nothing to tell. */
function reportOn(entry: Entry, reason: string | null): Report | null {
  const common = { total: entry.paid, alias: entry.key, payments: entry.payouts.map((minor, index) => [payoutId(entry.key, index), minor] as const) };
  const worth = entry.lines.reduce((sum, { minor }) => sum + minor, 0);
  if (entry.state === 'SUCCEEDED') return { ...common, state: 'SUCCESS', reason: entry.paid < worth ? 'PARTIALLY_DECLINED' : reason };
  if (entry.state === 'PARTIAL' && entry.paid > 0) return { ...common, state: 'PARTIAL', reason: null };
  if (entry.state === 'FAILED') return { ...common, state: 'FAILURE', reason: 'OTHERS' };
  return null;
}

const text = ({ state, total, alias, reason }: Report): string => `${state} ${total} ${alias ?? ''} ${reason ?? ''}`.trim();
