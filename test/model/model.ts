import { type LineWorth, lineWorths } from './arithmetic.ts';
import { type Decide, Decisions, type Verdicts } from './decisions.ts';
import type { Scenario } from './scenario.ts';
import { Pools, type World } from './world.ts';

/** A rule that did not hold; the explorer adds how it came to that. */
export class Broken extends Error {
  readonly check: string;

  constructor(check: string, message: string) {
    super(message);
    this.check = check;
  }
}

/** A step from one world to the next. `ours`: a correct service takes it sooner or later by itself; the others may or may not happen. */
export type Step = { readonly label: string; readonly to: World; readonly ours: boolean };

/** One exploration: its scenario, its pools, and what is compared across paths. */
export class Model {
  readonly scenario: Scenario;
  readonly pools = new Pools();
  readonly decisions: Decisions;
  readonly worths: readonly LineWorth[];
  readonly prices: readonly number[];
  readonly captured: number;
  /** The number of the same coordinator without a look under way. */
  readonly idleOf = new Map<World['co'], number>();
  /** The last answer of `handedOutNow`, which is asked twice. */
  lastLook: { readonly from: World; readonly to: World } | null = null;
  /** Decisions whose offers were checked: the same snapshot is read in many states. */
  readonly checked = new Set<Verdicts>();
  /** Money calls by what BwP and the OMS held: a second amount for the same is a breach of G6. */
  readonly accepted = new Map<string, number>();
  /** Money by the facts that came first: likewise. */
  readonly outcomes = new Map<string, string>();
  /** Money calls that Amazon overtook between our last read and the OMS's accept: the accepted residue of money.md 6. */
  residue = 0;
  quietStates = 0;

  constructor(scenario: Scenario, decide: Decide) {
    this.scenario = scenario;
    this.decisions = new Decisions(decide, scenario, this.pools);
    this.worths = lineWorths(scenario);
    this.prices = scenario.lines.map(({ price }) => price);
    this.captured = scenario.payments.reduce((sum, minor) => sum + minor, 0);
  }

  initial(): World {
    const { pools, scenario } = this;
    return {
      bwp: pools.bwp.of([]),
      oms: pools.oms.of([]),
      co: pools.co.of({ unasked: [], grant: null, claims: [], look: null }),
      sagas: pools.sagas.of({ refunds: [], entries: [] }),
      rest: pools.rest.of({ losses: scenario.losses, persons: scenario.persons.most, resolutions: [], found: [], start: null }),
    };
  }
}
