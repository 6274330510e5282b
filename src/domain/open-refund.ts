import { aliasIdOf } from './live-entry.ts';
import type { BwpRefund } from './order.ts';
import { entriesOf, type OrderFacts } from './order-facts.ts';
import { wishesOn } from './persons.ts';
import { attemptOf } from './refund-key.ts';

/**
 * PENDING or PARTIAL, or FAILURE after an operator's retry of its last attempt: it reserves its units, whatever it waits for (C14). A
 * state that this version does not know may be an open one.
 */
export function isOpen({ id, state }: BwpRefund, { ledger, answers }: OrderFacts): boolean {
  if (state === 'SUCCESS' || state === 'REJECTED') return false;
  if (state !== 'FAILURE') return true;
  const attempts = entriesOf({ ledger }).filter(({ source, bwpRefundId }) => source === 'BWP' && bwpRefundId === id);
  const last = attempts.toSorted((a, b) => attemptOf(a.key) - attemptOf(b.key)).at(-1);
  return last !== undefined && wishesOn(id, answers).retries.has(last.key);
}

/**
 * Whether BwP asks for money of ours, by decision and once more right before it is sent: PENDING, or FAILURE after a person's retry while it
 * shows nothing paid.
 */
export const asksForMoney = ({ id, state, total }: BwpRefund, answers: OrderFacts['answers']): boolean =>
  state === 'PENDING' || (state === 'FAILURE' && total.minor === 0 && wishesOn(id, answers).retries.size > 0);

/** Refunds that BwP opened and that are open; records of external refunds are none. */
export function openRefunds(facts: OrderFacts): readonly BwpRefund[] {
  const external = new Set(
    entriesOf(facts)
      .filter(({ source }) => source === 'EXTERNAL')
      .map(aliasIdOf),
  );
  return facts.bwp.refunds.filter((refund) => !refund.aliases.some(({ aliasId }) => external.has(aliasId)) && isOpen(refund, facts));
}
