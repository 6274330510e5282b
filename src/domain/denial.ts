import { closedWithoutMoney } from './answer.ts';
import type { Wishes } from './persons.ts';
import type { RefundCase } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';

/** A person's no, as the answer that BwP gets. */
export function denial(given: RefundCase, denied: NonNullable<Wishes['denied']>, currency: string): RefundDecision {
  const text = `${denied.actor} denied it: ${denied.reason}`;
  return closedWithoutMoney(given, 'denied', { currency, statusReason: denied.statusReason, rule: 'PERSON', text, facts: { at: denied.at } });
}
