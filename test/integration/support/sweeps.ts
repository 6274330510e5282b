import { randomUUID } from 'node:crypto';
import { SWEEP_DEFAULTS, SWEEP_WORKFLOW, type SweepReport, type SweepSettings, type SweepState } from '../../../src/contracts/sweep.ts';
import { businessProductId } from '../../../src/domain/ids.ts';
import { PATIENCE_MS } from './eventually.ts';
import { PRODUCT } from './sandboxes.ts';
import type { World } from './world.ts';

/** At a pace that a test can sit through. */
export const QUICK_SWEEP: SweepSettings = { ...SWEEP_DEFAULTS, perSecond: 200, products: [businessProductId(PRODUCT)] };

/** One sweep of a world's orders, from the beginning. */
export async function sweepOnce(world: World, over: Partial<SweepSettings> = {}, maxEvents?: number): Promise<SweepReport> {
  const { client } = world.env;
  const state: SweepState = { v: 1, settings: { ...QUICK_SWEEP, ...over }, ...(maxEvents !== undefined && { maxEvents }) };
  const workflowId = `sweep:${randomUUID()}`;
  const handle = await client.workflow.start(SWEEP_WORKFLOW, { workflowId, taskQueue: world.taskQueue, args: [state] });
  return client.withDeadline(Date.now() + PATIENCE_MS, async () => (await handle.result()) as SweepReport);
}
