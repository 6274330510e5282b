import { decide } from '../../../src/domain/decide.ts';
import { explain } from '../../../src/domain/explain.ts';
import { returnId } from '../../../src/domain/ids.ts';
import type { BwpReturn, ExternalReturn, OmsReturns } from '../../../src/domain/order.ts';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { ExternalReturnDecision, ReturnDecision } from '../../../src/domain/return-decision.ts';
import { aLine, anOrder, aPolicy, line, someFacts } from '../../support/builders.ts';

export const one = line('line-1');
export const two = line('line-2');
export const rt = returnId;
/** Two lamps and three bulbs; the OMS knows the bulbs as sku-2, too. */
export const shop = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: two, quantity: 3, aliases: ['sku-2'] })] });

export const NOTHING: OmsReturns = { told: [], external: [] };

export const returning = (over: Parameters<typeof someFacts>[0]): OrderFacts =>
  someFacts({ captured: shop, refunds: [], omsReturns: NOTHING, ...over });

export const graded = (units: number, condition = 'SELLABLE', of = 2): BwpReturn['lines'] => [
  { lineId: one, units: of, graded: [{ condition, units }] },
];

/** A return of two lamps that the OMS opened; BwP shows none unless told so. */
export const anExternal = (over: Partial<ExternalReturn> = {}): ExternalReturn => ({
  id: 'store-1',
  state: 'CREATED',
  aliases: [],
  lines: [{ lineId: one, units: 2 }],
  createdAt: '2025-03-05T10:00:00Z',
  ...over,
});

export const OWN = { aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'store-1' };

const DAY = 24 * 60 * 60 * 1000;
/** Waits of 10, 20 and 30 days, so that each sum tells which they are. */
const waiting: Policy = aPolicy({
  timing: { ...aPolicy().timing, returnDropOff: 10 * DAY, returnTransit: 20 * DAY, returnGrading: 30 * DAY },
});

/** The only decision on a return of BwP. */
export function onReturn(facts: OrderFacts, policy: Policy = waiting): ReturnDecision {
  const [decision, ...others] = decide(facts, policy).returns;
  if (decision === undefined || others.length > 0) throw new Error(`${others.length + Number(decision !== undefined)} decisions`);
  return decision;
}

export function onExternal(facts: OrderFacts, policy: Policy = waiting): ExternalReturnDecision {
  const [decision, ...others] = decide(facts, policy).externalReturns;
  if (decision === undefined || others.length > 0) throw new Error(`${others.length + Number(decision !== undefined)} decisions`);
  return decision;
}

export const saidOf = (decision: ReturnDecision | ExternalReturnDecision): string => explain(decision);
