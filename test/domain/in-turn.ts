import type { AskedUnits } from '../../src/domain/asked-units.ts';
import { decide } from '../../src/domain/decide.ts';
import { freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import type { BwpRefund, CapturedOrder, LedgerEntry, Payment } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { aBwpRefund, anEntry, anExternalEntry, ourAlias, refund, someFacts } from '../support/builders.ts';
import type { Happening, Script, Story } from './any-script.ts';

/** Two digits, so that ids and instants sort by number. */
const two = (index: number): string => String(index).padStart(2, '0');

/** The `index`-th request on an order, for these units; the later ones are younger. */
export const request = (order: CapturedOrder, index: number, asked: readonly AskedUnits[], over: Partial<BwpRefund> = {}): BwpRefund =>
  aBwpRefund({
    id: refund(`refund-${two(index)}`),
    createdAt: `2025-03-04T10:${two(index)}:00Z`,
    lines: asked,
    total: { minor: 1, currency: order.currency },
    ...over,
  });

export const withRefund = (facts: OrderFacts, added: BwpRefund): OrderFacts => ({
  ...facts,
  bwp: { ...facts.bwp, refunds: [...facts.bwp.refunds, added] },
});

export function decisionOn({ id }: Pick<BwpRefund, 'id'>, facts: OrderFacts, policy: Policy): RefundDecision {
  const found = decide(facts, policy).refunds.find(({ refundId }) => refundId === id);
  if (found === undefined) throw new Error(`${id}: no decision on it`);
  return found;
}

const entriesOf = ({ ledger }: OrderFacts): readonly LedgerEntry[] => ledger?.entries ?? [];
const withEntry = (facts: OrderFacts, added: LedgerEntry): OrderFacts => {
  const entries = [...entriesOf(facts), added];
  return { ...facts, ledger: { version: `v${entries.length + 1}`, entries } };
};
const nextInstant = (facts: OrderFacts): string => `2025-04-01T10:${two(entriesOf(facts).length)}:00Z`;
const shownAs = (facts: OrderFacts, id: string, change: (each: BwpRefund) => BwpRefund): OrderFacts => ({
  ...facts,
  bwp: { ...facts.bwp, refunds: facts.bwp.refunds.map((each) => (each.id === id ? change(each) : each)) },
});

/** What the OMS and Buy with Prime hold once this payment was made, credited and told. */
export function afterPaying(facts: OrderFacts, { key, refundId, amount }: Payment): OrderFacts {
  const paid = withEntry(facts, anEntry({ ...amount, key, bwpRefundId: refundId, createdAt: nextInstant(facts) }));
  const total = { minor: amount.total, currency: amount.currency };
  return shownAs(paid, refundId, (each) => ({ ...each, state: 'SUCCESS', total, aliases: [...each.aliases, ourAlias(refundId)] }));
}

/** What both sides hold once a refund was closed without money. */
export const afterRejecting = (facts: OrderFacts, { id }: Pick<BwpRefund, 'id'>): OrderFacts =>
  shownAs(facts, id, (each) => ({ ...each, state: 'REJECTED', total: { ...each.total, minor: 0 } }));

/** Asks for group after group with everything that goes back; what is worth nothing yet is asked for again with the next group. */
export function payInTurn({ order, policy, groups }: Script): OrderFacts {
  let facts = someFacts({ captured: order, refunds: [] });
  let carried: readonly AskedUnits[] = [];
  for (const [index, group] of groups.entries()) {
    const asked = request(order, index, [...carried, ...group], { requestReason: 'CANCELLED_ORDER' });
    facts = withRefund(facts, asked);
    const decision = decisionOn(asked, facts, policy);
    if (decision.kind !== 'pay' && decision.kind !== 'nothing_due') throw new Error(`not paid: ${JSON.stringify(decision)}`);
    carried = decision.kind === 'pay' ? [] : [...carried, ...group];
    facts = decision.kind === 'pay' ? afterPaying(facts, decision.payment) : afterRejecting(facts, asked);
  }
  return facts;
}

/** What both sides hold after each happening; a refund that is not decided by rule is left out, as a person would see to it. */
export function* tell({ order, policy, happenings, returned }: Story): Generator<OrderFacts> {
  const start = someFacts({ captured: order, refunds: [] });
  let facts: OrderFacts = { ...start, bwp: { ...start.bwp, returns: [returned] } };
  for (const [index, each] of happenings.entries()) {
    facts = each.kind === 'external' ? withEntry(facts, externalRefund(facts, order, each)) : afterRequest(facts, index, each);
    yield facts;
  }

  function afterRequest(before: OrderFacts, index: number, each: Extract<Happening, { kind: 'request' }>): OrderFacts {
    const causedBy = each.returned ? { kind: 'ReturnDetails', id: returned.id } : null;
    const asked = request(order, index, each.asked, { requestReason: each.requestReason, causedBy });
    const open = withRefund(before, asked);
    const decision = decisionOn(asked, open, policy);
    if (decision.kind === 'pay' || decision.kind === 'pay_part') return afterPaying(open, decision.payment);
    return decision.kind === 'nothing_due' || decision.kind === 'already_refunded' ? afterRejecting(open, asked) : before;
  }
}

/** A refund of the OMS's own: of an amount on the order, on one of its lines, or of the item of one unit, at any price. */
function externalRefund(facts: OrderFacts, order: CapturedOrder, { perMille, line, unit }: Extract<Happening, { kind: 'external' }>): LedgerEntry {
  const entries = entriesOf(facts);
  const frozen = freezeOrder(order);
  const on = line === null || 'problem' in frozen ? undefined : frozen.lines[line];
  const parts = entries.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === on?.id));
  const ofUnit = on !== undefined && unit && parts.reduce((sum, { units }) => sum + (units ?? 0), 0) < on.quantity;
  const left = [exact(order.payments.map(({ captured }) => captured)) - exact(entries.map(({ paid }) => paid))];
  if (on !== undefined) left.push(BigInt(lineWorth(on, order.pricesIncludeTax)) - exact(parts.map(({ amount }) => amount)));
  if (ofUnit) left.push(BigInt(on.item) - exact(parts.map(({ components }) => components?.item ?? 0)));
  const least = left.reduce((min, each) => (each < min ? each : min));
  const total = Number((least * BigInt(perMille)) / 1000n);
  const externalId = `e-${entries.length}`;
  return anExternalEntry({
    key: `external/${externalId}`,
    externalId,
    currency: order.currency,
    total,
    lines: on === undefined ? [] : [{ lineId: on.id, units: ofUnit ? 1 : null, amount: total, components: ofUnit ? { item: total } : {} }],
    payments: [],
    createdAt: nextInstant(facts),
  });
}

export const exact = (amounts: readonly number[]): bigint => amounts.reduce((sum, each) => sum + BigInt(each), 0n);
