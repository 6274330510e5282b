import type { Currency } from '../../../domain/currency.ts';
import { lineId, refundId } from '../../../domain/ids.ts';
import type { BwpRefund } from '../../../domain/order.ts';
import { fields, id, instant, list, moneyIn, text, unitsFrom } from './values.ts';

const units = unitsFrom(1);
const line = () => id('the id of a line', lineId);

/** Lines of the order at Buy with Prime. */
export const bwpLine = () =>
  fields({ id: line(), quantity: unitsFrom(0).default(1).describe('Ordered units; 1 where it is left out.') }).describe('A line at Buy with Prime.');

const causes = { kind: text.describe('Such as ReturnDetails.'), id: text };

/** An entry of the order's refunds. */
export const bwpRefund = (currency: Currency) =>
  fields({
    id: id('the id of a refund', refundId),
    state: text.default('PENDING').describe('PENDING (default), PARTIAL, FAILURE, SUCCESS, REJECTED, or something newer.'),
    aliases: list(fields({ aliasType: text, aliasId: text })).default([]),
    createdAt: instant.nullable().default(null).describe('When it was opened. Left out or null, it comes after all others.'),
    total: moneyIn(currency).describe('The estimate, and once something was reported the amount reported.'),
    lines: list(fields({ lineId: line(), units: units.nullable().default(null).describe('Null or left out: all of that line.') }))
      .default([])
      .describe('What is asked for. Empty or left out: the whole order.'),
    payments: list(
      fields({ id: text.nullable().default(null), amount: moneyIn(currency), state: text.nullable().default(null).describe('Such as SUCCESS.') }),
    )
      .default([])
      .describe('What Buy with Prime shows as paid.'),
    requestReason: text.nullable().default(null).describe('Such as CANCELLED_ORDER: whether shipping goes back depends on it.'),
    statusReason: text.nullable().default(null),
    causedBy: fields(causes).nullable().default(null).describe('What Buy with Prime opened it for, such as a return.'),
  }).transform((wire): BwpRefund => wire);
