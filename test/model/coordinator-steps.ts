import { told } from './bwp-side.ts';
import { checkOffers } from './check-money.ts';
import { snapshotOf } from './decisions.ts';
import type { Model, Step } from './model.ts';
import { isSpokenFor } from './who-has-what.ts';
import { type Coordinator, changed, type Sagas, type Shown, sagaOf, type World, withEntryAction, withSaga } from './world.ts';

/** What was read of both sides. */
type Read = { readonly bwp: number; readonly reversed: boolean; readonly ledger: number };

/** Looks, in as many steps as the scenario says, and questions to sagas that this run of the coordinator has not heard of. */
export function coordinatorSteps(model: Model, world: World): Step[] {
  const { pools, scenario } = model;
  const co = world.co.value;
  const steps: Step[] = co.unasked.map((id) => ({ label: `the saga of ${id} is asked where it stands`, to: asked(model, world, id), ours: true }));
  const { look } = co;
  if (look === null) {
    if (world.bwp.value.length === 0 && world.oms.value.length === 0) return steps;
    for (const reversed of scenario.anyListing && world.bwp.value.length > 1 ? [false, true] : [false]) {
      const how = reversed ? ' (listed the other way round)' : '';
      if (scenario.lookSteps === 1) {
        const now = started(model, world);
        const to = reversed ? handedOut(model, now, { bwp: world.bwp.n, reversed, ledger: world.oms.n }) : handedOutNow(model, now);
        steps.push({ label: `look${how}: decide, hand out`, to, ours: true });
      } else {
        const to = changed(pools, started(model, world), { co: { ...co, look: { bwp: world.bwp.n, reversed, ledger: null } } });
        steps.push({ label: `look${how}: BwP is read`, to, ours: true });
      }
    }
  } else if (look.ledger === null && scenario.lookSteps === 3) {
    steps.push({ label: 'look: the OMS is read', to: changed(pools, world, { co: { ...co, look: { ...look, ledger: world.oms.n } } }), ours: true });
  } else {
    const to = handedOut(model, world, { ...look, ledger: look.ledger ?? world.oms.n });
    steps.push({ label: look.ledger === null ? 'look: the OMS is read, decide, hand out' : 'look: decide, hand out', to, ours: true });
  }
  return steps;
}

/** Where facts come first, the first look ends their beginning. */
function started(model: Model, world: World): World {
  if (!model.scenario.factsFirst || world.rest.value.start !== null) return world;
  return changed(model.pools, world, { rest: { ...world.rest.value, start: `${world.bwp.n}/${world.oms.n}` } });
}

/** The saga says which call it has open: that is a claim, and nobody else gets a grant. */
function asked(model: Model, world: World, id: string): World {
  const { call } = sagaOf(world.sagas.value, id);
  const co = world.co.value;
  const unasked = co.unasked.filter((other) => other !== id);
  if (call === null) return changed(model.pools, world, { co: { ...co, unasked } });
  const claim = isSpokenFor(model, world, model.pools.payments.at(call.payment).value.key) ? [] : [call.payment];
  return changed(model.pools, world, {
    co: { ...co, unasked, grant: co.grant ?? id, claims: [...new Set([...co.claims, ...claim])].sort(ascending) },
  });
}

/** The decision on what was read, handed to the sagas: at most one grant, none before every saga was heard (design.md 4). */
function handedOut(model: Model, world: World, read: Read): World {
  const { pools } = model;
  const seen = new Set(pools.oms.at(read.ledger).value.map(({ key }) => key));
  const before = world.co.value;
  let co: Coordinator = { ...before, look: null, claims: before.claims.filter((n) => !seen.has(pools.payments.at(n).value.key)) };
  const snapshot = snapshotOf(world, co, read);
  const said = { answers: snapshot.answers, resolutions: snapshot.resolutions };
  const verdicts = model.decisions.on(snapshot);
  if (!model.checked.has(verdicts)) {
    model.checked.add(verdicts);
    checkOffers(model, snapshot, verdicts);
  }

  let sagas = world.sagas.value;
  for (const { refund: id, kind, payment, action, statusReason } of verdicts.refunds) {
    if (co.unasked.includes(id) || kind === 'paying') continue;
    const saga = sagaOf(sagas, id);
    if (payment === null) {
      sagas = withSaga(sagas, id, { ...saga, action: isShown(model, world, id, action) ? null : action });
    } else if (co.grant === null && co.unasked.length === 0) {
      co = { ...co, grant: id, claims: [...co.claims, payment].sort(ascending) };
      sagas = withSaga(sagas, id, {
        ...saga,
        action: null,
        call: { payment, sent: false, ledger: read.ledger, bwp: read.bwp, said, reason: statusReason },
      });
    } else {
      sagas = withSaga(sagas, id, { ...saga, action: null });
    }
  }
  sagas = verdicts.entries.reduce<Sagas>(
    (all, { key, action }) => withEntryAction(all, key, isMirrored(model, world, action) ? null : action),
    sagas,
  );
  return changed(pools, world, { co, sagas });
}

/** What a look would come to that reads both sides as they are. */
export function handedOutNow(model: Model, world: World): World {
  if (model.lastLook?.from !== world) {
    model.lastLook = { from: world, to: handedOut(model, world, { bwp: world.bwp.n, reversed: false, ledger: world.oms.n }) };
  }
  return model.lastLook.to;
}

/** Sagas read BwP before they write: an answer that is there already is none. */
function isShown(model: Model, { bwp }: World, id: string, action: number | null): boolean {
  if (action === null) return false;
  const { value } = model.pools.actions.at(action);
  return value.kind === 'tell' && value.reports.some((report) => told(bwp.value, id, report) === bwp.value);
}

function isMirrored(model: Model, { bwp }: World, action: number | null): boolean {
  if (action === null) return false;
  const { value } = model.pools.actions.at(action);
  if (value.kind === 'mirror') return bwp.value.some(({ alias }: Shown) => alias === value.report.alias);
  return value.kind === 'update' && told(bwp.value, value.refund, value.report) === bwp.value;
}

const ascending = (a: number, b: number): number => a - b;
