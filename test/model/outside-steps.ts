import { firstUnits } from './arithmetic.ts';
import type { Model, Step } from './model.ts';
import { isFinal, settled } from './oms-side.ts';
import type { ExternalPlan, RefundPlan } from './scenario.ts';
import { type Change, changed, type Entry, nextTime, type Shown, type World } from './world.ts';

/** What may happen without us: on both sides, and to the coordinator. */
export function outsideSteps(model: Model, world: World): Step[] {
  const { scenario, pools } = model;
  const step = (label: string, change: Change): Step => ({ label, to: changed(pools, world, change), ours: false });
  const steps: Step[] = [];
  if (!scenario.factsFirst || world.rest.value.start === null) {
    for (const plan of scenario.refunds) {
      if (!world.bwp.value.some(({ id }) => id === plan.id))
        steps.push(step(`BwP opens ${plan.id}`, { bwp: [...world.bwp.value, opened(model, world, plan)] }));
    }
    for (const plan of scenario.externals) {
      if (world.oms.value.some(({ key }) => key === plan.id)) continue;
      for (const state of plan.from) steps.push(step(`${plan.id} appears (${state})`, { oms: [...world.oms.value, appeared(world, plan, state)] }));
    }
    for (const id of scenario.amazon) {
      const shown = world.bwp.value.find((refund) => refund.id === id);
      for (const [label, bwp] of shown === undefined ? [] : paidByAmazon(model, world, shown)) steps.push(step(label, { bwp }));
    }
  }
  for (const entry of world.oms.value) {
    for (const total of changesOf(model, entry)) {
      steps.push(
        step(`${entry.key} changes from ${entry.total} to ${total}`, {
          oms: world.oms.value.map((other) => (other === entry ? grown(entry, total) : other)),
        }),
      );
    }
    for (const state of endsOf(model, entry)) {
      steps.push(step(`${entry.key} ${entry.state} becomes ${state}`, { oms: settled(world.oms.value, entry.key, { state, at: nextTime(world) }) }));
    }
  }
  if (world.rest.value.losses > 0) steps.push(step('the coordinator is lost and opened again', lost(world)));
  return steps;
}

function endsOf({ scenario }: Model, entry: Entry): readonly string[] {
  if (entry.state === 'SUCCEEDED') return scenario.reversals.includes(entry.refund ?? entry.key) ? ['FAILED'] : [];
  if (isFinal(entry) || entry.source === 'AMAZON') return [];
  if (entry.state === 'PARTIAL') return ['SUCCEEDED'];
  if (entry.source === 'BWP') return scenario.settles;
  return scenario.externals.find(({ id }) => id === entry.key)?.ends ?? [];
}

/** Each change once: an entry that has changed has other amounts than it was planned with. */
function changesOf({ scenario }: Model, { key, state, total }: Entry): readonly number[] {
  const plan = scenario.externals.find(({ id }) => id === key);
  return plan?.changes !== undefined && state === 'SUCCEEDED' && total === plan.total ? plan.changes : [];
}

/** On one line, or on the order. */
function grown(entry: Entry, total: number): Entry {
  const [line] = entry.lines;
  return { ...entry, total, paid: total, payouts: [total], lines: line === undefined ? [] : [{ ...line, minor: total }] };
}

const opened = (model: Model, world: World, { id, lines, createdAt }: RefundPlan): Shown => ({
  id,
  at: createdAt === undefined ? nextTime(world) : createdAt,
  state: 'PENDING',
  total: lines.reduce((sum, [line, units]) => sum + estimate(model, line, units), 0),
  alias: null,
  reason: null,
  lines,
  payments: [],
  byUs: false,
});

function estimate({ worths }: Model, line: number, units: number): number {
  const worth = worths[line];
  if (worth === undefined) throw new RangeError(`line ${line}: not on the order`);
  return firstUnits(worth, units);
}

const appeared = (world: World, { id, source, lines, total }: ExternalPlan, state: ExternalPlan['from'][number]): Entry => ({
  key: id,
  source,
  refund: null,
  external: source === 'EXTERNAL' ? id : null,
  state,
  total,
  paid: state === 'SUCCEEDED' ? total : 0,
  at: nextTime(world),
  ended: null,
  lines: lines.map(([line, units, minor]) => ({ line, units, minor, components: null })),
  shares: [],
  payouts: state === 'SUCCEEDED' ? [total] : [],
});

function paidByAmazon({ scenario }: Model, { bwp }: World, shown: Shown): [label: string, bwp: readonly Shown[]][] {
  const shownAs = (now: Partial<Shown>): readonly Shown[] =>
    bwp.value.map((refund) => (refund === shown ? { ...shown, ...now, byUs: false } : refund));
  const half = Math.floor(shown.total / 2);
  if (shown.state === 'PENDING' && scenario.amazonInParts)
    return [[`Amazon pays a part of ${shown.id} by itself`, shownAs({ state: 'PARTIAL', total: half })]];
  if (shown.state === 'PENDING') return [[`Amazon pays ${shown.id} by itself`, shownAs({ state: 'SUCCESS' })]];
  if (shown.state === 'PARTIAL' && !shown.byUs)
    return [[`Amazon pays more of ${shown.id}`, shownAs({ state: 'SUCCESS', total: shown.total + half })]];
  return [];
}

/** Claims, grant and a look under way are gone; what sagas hold is known again once they were asked. */
function lost(world: World): Change {
  const unasked = world.sagas.value.refunds
    .filter(([, { call, answers, refused, late }]) => call !== null || late !== null || answers.length > 0 || refused.length > 0)
    .map(([id]) => id);
  return { co: { unasked, grant: null, claims: [], look: null }, rest: { ...world.rest.value, losses: world.rest.value.losses - 1 } };
}
