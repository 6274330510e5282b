import { z } from 'zod';
import type { Currency } from '../../../domain/currency.ts';
import { lineId, refundId } from '../../../domain/ids.ts';
import type { PersonAnswer, Resolution } from '../../../domain/person-answer.ts';
import { amountIn, fields, id, instant, list, oneOf, text, unitsFrom } from './values.ts';

const OUTCOMES = ['paid', 'not_paid', 'paid_elsewhere', 'accepted'] as const;
const KINDS = ['approve', 'deny', 'withdraw', 'retry', 'cancel'] as const;

const said = {
  refundId: id('the id of a refund', refundId),
  commandId: text.describe('The same command sent twice counts once.'),
  actor: text.describe('Who answered.'),
  reason: text,
  at: instant,
};

const shown = (currency: Currency) =>
  fields({
    hash: text,
    total: amountIn(currency),
    lines: list(fields({ lineId: id('the id of a line', lineId), units: unitsFrom(1) })),
    doubts: list(text).default([]).describe('Why it was asked. An approval answers only these; above a limit is answered by any.'),
  }).describe('What was approved, as `approval.shown` of the quote has it.');

/** What a person answered about one refund. */
export const personAnswer = (currency: Currency) =>
  z
    .discriminatedUnion(
      'kind',
      [
        fields({
          kind: z.literal('approve'),
          ...said,
          shown: shown(currency),
          amount: amountIn(currency).nullable().default(null).describe('To pay in place of what was shown; null or left out: what was shown.'),
        }),
        fields({ kind: z.literal('deny'), ...said, statusReason: text.describe('Such as REFUND_VIOLATION: told to Buy with Prime.') }),
        fields({ kind: z.literal('withdraw'), ...said }),
        fields({ kind: z.literal('retry'), ...said, after: text.describe('The key of the attempt that FAILED or was VOIDED.') }),
        fields({ kind: z.literal('cancel'), ...said }),
      ],
      { error: (issue) => (issue.code === 'invalid_union' ? `one of ${KINDS.join(', ')}` : 'an object') },
    )
    .transform((wire): PersonAnswer => wire);

/** What a person found out about one ledger entry or claim. */
export const resolution = () =>
  fields({ key: text, outcome: oneOf(OUTCOMES), actor: said.actor, reason: text, at: instant }).transform((wire): Resolution => wire);
