import type { PersonAnswer, Resolution, Shown as ShownToPerson } from '../../src/domain/person-answer.ts';
import { OPEN_STATES } from './bwp-side.ts';
import { snapshotNow } from './decisions.ts';
import type { Model, Step } from './model.ts';
import type { PersonStep } from './scenario.ts';
import { isSpokenFor } from './who-has-what.ts';
import { changed, type Entry, type Rest, type Shown, sagaOf, type World, withSaga } from './world.ts';

/** Later than what was said before. */
const timeOf = ({ scenario }: Model, { rest }: World): string => `2026-03-01T10:5${scenario.persons.most - rest.value.persons}:00Z`;

const OUTCOMES = ['accepted', 'not_paid', 'paid', 'paid_elsewhere'] as const;

/** What persons may do now, as often as the scenario lets them. An answer is kept by its saga and heard by the coordinator at once. */
export function personSteps(model: Model, world: World): Step[] {
  const { scenario } = model;
  if (world.rest.value.persons === 0) return [];
  const may = (step: PersonStep): boolean => scenario.persons.may.includes(step);
  const started = world.bwp.value.filter(({ id }) => scenario.refunds.some((plan) => plan.id === id));
  return [
    ...started.flatMap((shown) => answerSteps(model, world, { shown, may })),
    ...OUTCOMES.filter(may).flatMap((outcome) => [...entrySteps(model, world, outcome), ...callSteps(model, world, outcome)]),
  ];
}

function answerSteps(model: Model, world: World, given: { readonly shown: Shown; readonly may: (step: PersonStep) => boolean }): Step[] {
  const { pools } = model;
  const { shown, may } = given;
  const saga = sagaOf(world.sagas.value, shown.id);
  const answers = saga.answers.map((n) => pools.answers.at(n).value);
  const steps: Step[] = [];
  const answer = (label: string, what: object): void => {
    const commandId = `${shown.id}-${answers.length + 1}`;
    // Different persons: an approval by two needs two.
    const full = {
      refundId: shown.id,
      commandId,
      actor: `person-${answers.length + 1}`,
      reason: 'seen',
      at: timeOf(model, world),
      ...what,
    } as PersonAnswer;
    const co = world.co.value;
    const to = changed(pools, world, {
      co: { ...co, unasked: co.unasked.filter((id) => id !== shown.id), ...heardCall(model, world, shown.id) },
      sagas: withSaga(world.sagas.value, shown.id, { ...saga, answers: [...saga.answers, pools.answers.of(full).n] }),
      rest: { ...world.rest.value, persons: world.rest.value.persons - 1 },
    });
    steps.push({ label: `a person ${label} ${shown.id}`, to, ours: false });
  };
  const action = saga.action === null ? null : pools.actions.at(saga.action).value;
  if (may('approve') && action?.kind === 'ask' && action.shown !== null) {
    answer('approves', { kind: 'approve', shown: JSON.parse(action.shown) as ShownToPerson, amount: null });
  }
  if (may('deny') && shown.state === 'PENDING' && !answers.some(({ kind }) => kind === 'deny'))
    answer('denies', { kind: 'deny', statusReason: 'NOT_ELIGIBLE' });
  if (may('withdraw') && answers.length > 0 && answers.at(-1)?.kind !== 'withdraw') answer('withdraws what was said on', { kind: 'withdraw' });
  if (may('retry') && [...OPEN_STATES, 'FAILURE'].includes(shown.state)) {
    const own = world.oms.value.filter((entry) => entry.source === 'BWP' && entry.refund === shown.id).at(-1);
    const retried = answers.some((other) => other.kind === 'retry' && other.after === own?.key);
    if (own !== undefined && !retried) answer(`retries, after ${own.key} (${own.state}),`, { kind: 'retry', after: own.key });
  }
  return steps;
}

/** The saga's report says which call it has open, as its answer to a question would. */
function heardCall(model: Model, world: World, id: string): { readonly grant?: string; readonly claims?: readonly number[] } {
  const co = world.co.value;
  const { call } = sagaOf(world.sagas.value, id);
  if (call === null || !co.unasked.includes(id)) return {};
  const claim = isSpokenFor(model, world, model.pools.payments.at(call.payment).value.key) ? [] : [call.payment];
  return { grant: co.grant ?? id, claims: [...new Set([...co.claims, ...claim])].sort((a, b) => a - b) };
}

/** The changes of a resolution; `found`: the payment that is with the shopper all the same. */
function resolved(
  model: Model,
  world: World,
  { key, outcome, payment }: { key: string; outcome: Resolution['outcome']; payment: number | null },
): Rest {
  const { value } = world.rest;
  const said = model.pools.resolutions.of({ key, outcome, actor: 'person-1', reason: 'seen', at: timeOf(model, world) }).n;
  const found = payment === null || (outcome !== 'paid' && outcome !== 'paid_elsewhere') ? value.found : [...value.found, payment];
  return { ...value, persons: value.persons - 1, resolutions: [...value.resolutions, said], found };
}

/** Persons resolve entries that they are asked about: what ended unpaid was paid or not, what was paid too often is accepted. */
function entrySteps(model: Model, world: World, outcome: Resolution['outcome']): Step[] {
  const { pools } = model;
  const verdicts = model.decisions.on(snapshotNow(world));
  const asked = [...verdicts.refunds, ...verdicts.entries].some((verdict) => verdict.kind === 'manual');
  if (!asked) return [];
  const known = world.rest.value.resolutions.map((n) => pools.resolutions.at(n).value.key);
  const fits = ({ state }: Entry): boolean => (outcome === 'accepted' ? state === 'SUCCEEDED' : state === 'FAILED' || state === 'VOIDED');
  return world.oms.value
    .filter((entry) => fits(entry) && !known.includes(entry.key))
    .map(({ key, total }) => {
      const payment = pools.payments.find((other) => other.key === key && other.amount.total === total)?.n ?? null;
      const co = world.co.value;
      const to = changed(pools, world, {
        co: { ...co, claims: co.claims.filter((n) => pools.payments.at(n).value.key !== key) },
        rest: resolved(model, world, { key, outcome, payment }),
      });
      return { label: `a person resolves ${key}: ${outcome}`, to, ours: false };
    });
}

/** Persons speak for a money call of which nothing was heard: claim and grant are gone, and the call may still be under way. */
function callSteps(model: Model, world: World, outcome: Resolution['outcome']): Step[] {
  const { pools } = model;
  if (outcome === 'accepted') return [];
  return world.sagas.value.refunds.flatMap(([id, saga]) => {
    const { call } = saga;
    if (call === null || !call.sent || saga.late !== null) return [];
    const { key } = pools.payments.at(call.payment).value;
    if (world.oms.value.some((entry) => entry.key === key)) return [];
    const co = world.co.value;
    const to = changed(pools, world, {
      co: {
        ...co,
        unasked: co.unasked.filter((other) => other !== id),
        grant: co.grant === id ? null : co.grant,
        claims: co.claims.filter((n) => n !== call.payment),
      },
      sagas: withSaga(world.sagas.value, id, { ...saga, action: null, call: null, late: call.ledger === -1 ? null : call }),
      rest: resolved(model, world, { key, outcome, payment: call.payment }),
    });
    return [{ label: `a person says of ${key}, which is out: ${outcome}`, to, ours: false }];
  });
}
