import { sideWorkflowId } from '../../src/contracts/side-sagas.ts';
import { refundMismatches, sideMismatches } from './expectations.ts';
import { type RefundFacts, readFacts } from './facts.ts';
import { followScenario } from './progress.ts';
import { type Row, refundCells, sideCells } from './rows.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';
import { refundStory, sideStory } from './stories.ts';

/** Plays the scenarios, tells their progress, and reads everything once more when all are quiet. */
export async function playAll(stage: Stage, scenarios: readonly Scenario[], signal: AbortSignal): Promise<Row[]> {
  const troubles = new Map<Scenario, string>();
  const together = scenarios.filter(({ alone }) => alone !== true);
  const alone = scenarios.filter((scenario) => !together.includes(scenario)).map((scenario) => [scenario]);
  for (const act of [together, ...alone]) {
    if (signal.aborted) return [];
    await stage.setFaults(act);
    await Promise.all(
      act.map((scenario) =>
        playOne(stage, scenario, signal).catch((error: unknown) => {
          troubles.set(scenario, error instanceof Error ? error.message : String(error));
        }),
      ),
    );
  }
  if (signal.aborted) return [];
  const rows: Row[][] = [];
  for (const scenario of scenarios) rows.push(await rowsOf(stage, scenario, troubles.get(scenario)));
  return rows.flat();
}

async function playOne(stage: Stage, scenario: Scenario, signal: AbortSignal): Promise<void> {
  await stage.createOrder(scenario);
  let isPlayed = false;
  const play = (scenario.play ?? (() => stage.requestRefunds(scenario)))(stage, scenario).finally(() => {
    isPlayed = true;
  });
  await Promise.all([play, followScenario(stage, scenario, { isPlayed: () => isPlayed, signal })]);
}

/** One for each refund, then one for each return and what began in the OMS. */
async function rowsOf(stage: Stage, scenario: Scenario, trouble: string | undefined): Promise<Row[]> {
  const facts = await readFacts(stage, scenario);
  const further = [...(trouble === undefined ? [] : [trouble]), ...((await scenario.check?.(stage, scenario)) ?? [])];
  const refunds = scenario.refunds.map(async (refund, index): Promise<Row> => {
    const shown = facts.refunds[index] ?? null;
    const story = await refundStory(stage, scenario, refund);
    return {
      scenario,
      cells: refundCells({ asked: stage.asked(refund) ?? refund.estimate ?? null, facts: shown, story, currency: scenario.order.currency }),
      because: [...(story?.because ?? ['no saga was needed']), ...toldWhy(shown)],
      workflowId: stage.refundWorkflowId(scenario, refund),
      problems: refundMismatches(refund, shown, story),
    };
  });
  const sides = (scenario.sides ?? []).map(async (side, index): Promise<Row> => {
    const shown = facts.sides[index] ?? { bwp: null, oms: null, saga: null };
    const story = await sideStory(stage, scenario, side);
    return {
      scenario,
      cells: sideCells(side, shown),
      because: story?.because ?? ['no saga was needed'],
      workflowId: sideWorkflowId(stage.at(scenario), side),
      problems: sideMismatches(side, shown),
    };
  });
  const rows = await Promise.all([...refunds, ...sides]);
  return rows.map((row, index) => (index === 0 ? { ...row, problems: [...row.problems, ...further] } : row));
}

const toldWhy = (shown: RefundFacts | null): string[] =>
  shown === null || shown.bwp.statusReason === null ? [] : [`Buy with Prime is told why: ${shown.bwp.statusReason}.`];
