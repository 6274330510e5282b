import { checkQuiet, isQuiet } from './check-quiet.ts';
import { coordinatorSteps } from './coordinator-steps.ts';
import { type Decide, snapshotNow } from './decisions.ts';
import { findLoop } from './loops.ts';
import { Broken, Model, type Step } from './model.ts';
import { outsideSteps } from './outside-steps.ts';
import { personSteps } from './person-steps.ts';
import { sagaSteps } from './saga-steps.ts';
import type { Scenario } from './scenario.ts';
import { keyOf, type World } from './world.ts';

/** A rule that did not hold, with the shortest way there. */
export type Finding = {
  readonly check: string;
  readonly message: string;
  readonly trace: readonly string[];
  /** What would be decided at its end if both sides were read then. */
  readonly decided: readonly string[];
};

export type Exploration = {
  readonly scenario: string;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Every reachable state was visited; else the scenario's bound came first. */
  readonly complete: boolean;
  /** States with nothing under way, in which everything had to be in order. */
  readonly quiet: number;
  /** Distinct snapshots that were decided on. */
  readonly decisions: number;
  readonly residue: number;
  readonly findings: readonly Finding[];
};

/**
 * Visits the worlds of a scenario breadth-first, each once, and checks every one of them. Stops at `most` distinct states, and where
 * `findings` rules did not hold (1 unless told otherwise).
 */
export function explore(scenario: Scenario, decide: Decide, limits: { readonly most: number; readonly findings?: number }): Exploration {
  const model = new Model(scenario, decide);
  const { most } = limits;
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const labels: string[] = [];
  const loops: number[] = [];
  const places: number[] = [];
  const findings: Finding[] = [];
  let transitions = 0;
  let depth = 0;
  let complete = true;

  const trace = (at: number, last?: string): string[] => {
    const steps = last === undefined ? [] : [last];
    for (let n = at; n > 0; n = parents[n] ?? 0) steps.unshift(labels[n] ?? '');
    return steps;
  };
  const visit = (world: World, from: number, label: string): number => {
    const key = keyOf(world);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const n = numbers.size;
    numbers.set(key, n);
    parents.push(from);
    labels.push(label);
    pushPlace(places, model, world);
    next.push([world, n]);
    return n;
  };
  let level: [World, number][] = [];
  let next: [World, number][] = [];
  visit(model.initial(), 0, '');

  search: while (next.length > 0) {
    level = next;
    next = [];
    for (const [world, n] of level) {
      try {
        for (const { label, to, ours } of stepsFrom(model, world)) {
          transitions += 1;
          if (numbers.size >= most && !numbers.has(keyOf(to))) {
            complete = false;
            continue;
          }
          const target = visit(to, n, label);
          if (ours && target !== n) loops.push(n, target);
        }
      } catch (error) {
        if (!(error instanceof Broken)) throw new Error(`after ${trace(n).join('; ')}`, { cause: error });
        if (findings.some(({ check, message }) => check === error.check && message === error.message)) continue;
        findings.push({ check: error.check, message: error.message, trace: trace(n), decided: decidedNow(model, world) });
        if (findings.length >= (limits.findings ?? 1)) break search;
      }
    }
    if (next.length > 0) depth += 1;
  }
  const loop = findings.length > 0 ? null : findLoop(numbers.size, loops, (n) => places.slice(4 * n, 4 * n + 4).join());
  if (loop !== null) findings.push({ check: 'loop', message: 'the service goes round in circles from here', trace: trace(loop), decided: [] });
  const { quietStates: quiet, residue, decisions } = model;
  return { scenario: scenario.name, states: numbers.size, transitions, depth, complete, quiet, decisions: decisions.count, residue, findings };
}

function stepsFrom(model: Model, world: World): Step[] {
  const sagas = sagaSteps(model, world);
  if (sagas.length === 0 && isQuiet(model, world)) checkQuiet(model, world);
  return [...sagas, ...coordinatorSteps(model, world), ...outsideSteps(model, world), ...personSteps(model, world)];
}

function decidedNow(model: Model, world: World): string[] {
  const { refunds, entries } = model.decisions.on(snapshotNow(world));
  return [
    ...refunds.map(({ refund, kind, because }) => `${refund} ${kind}: ${because}`),
    ...entries.map(({ key, kind, because }) => `${key} ${kind}: ${because}`),
  ];
}

/** Four numbers that tell states apart but for a look that is under way: one that finds nothing new comes back to them. */
function pushPlace(places: number[], { pools, idleOf }: Model, { bwp, oms, co, sagas, rest }: World): void {
  const idle = co.value.look === null ? co.n : (idleOf.get(co) ?? pools.co.of({ ...co.value, look: null }).n);
  idleOf.set(co, idle);
  places.push(bwp.n * 2 ** 26 + oms.n, idle, sagas.n, rest.n);
}
