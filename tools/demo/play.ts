import { mismatches } from './expectations.ts';
import { type RefundFacts, readFacts, readStory } from './facts.ts';
import { followScenario } from './progress.ts';
import type { Row } from './report.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

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
  const request = scenario.play ?? (() => stage.requestRefunds(scenario));
  await Promise.all([request(stage, scenario), followScenario(stage, scenario, signal)]);
}

async function rowsOf(stage: Stage, scenario: Scenario, trouble: string | undefined): Promise<Row[]> {
  const facts: readonly (RefundFacts | null)[] = await readFacts(stage, scenario);
  const further = [...(trouble === undefined ? [] : [trouble]), ...((await scenario.check?.(stage, scenario)) ?? [])];
  return Promise.all(
    scenario.refunds.map(async (refund, index): Promise<Row> => {
      const shown = facts[index] ?? null;
      const story = await readStory(stage, scenario, refund);
      const problems = [...mismatches(refund, shown, story), ...(index === 0 ? further : [])];
      return { scenario, refund, asked: stage.asked(refund), facts: shown, story, problems };
    }),
  );
}
