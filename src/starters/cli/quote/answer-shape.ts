import { z } from 'zod';
import type { EntryDecision, RefundDecision } from '../../../domain/refund-decision.ts';
import type { ExternalReturnDecision, ReturnDecision } from '../../../domain/return-decision.ts';

/**
 * The shape of `saga quote --json` (docs/quote.schema.json). Every field is always there: null, or an empty list, where it has nothing to
 * say. Amounts are decimal texts with all the decimals of their currency.
 */

const kinds = <Kind extends string>(meanings: Readonly<Record<Kind, string>>) => {
  const all = Object.keys(meanings) as [Kind, ...Kind[]];
  return z.enum(all).describe(all.map((kind) => `${kind}: ${meanings[kind]}`).join(' '));
};

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const instant = z.string();
const money = z.strictObject({ amount: decimal, currency: z.string() });
const units = z.number().int();

const components = z
  .partialRecord(z.enum(['item', 'tax', 'shipping', 'shippingTax', 'fee', 'feeTax', 'adjustment']), decimal)
  .describe('Where prices include tax, tax, shippingTax and feeTax inform and are no part of the amount.');

const amount = z
  .strictObject({
    currency: z.string(),
    total: decimal,
    lines: z.array(z.strictObject({ lineId: z.string(), units: units.nullable(), amount: decimal, components: components.nullable() })),
    payments: z.array(z.strictObject({ paymentId: z.string(), amount: decimal })).describe('How the total is laid over the captured payments.'),
  })
  .meta({ id: 'amount' });

const report = z
  .strictObject({
    state: z.string(),
    total: money.describe('Cumulative.'),
    payments: z.array(z.strictObject({ id: z.string(), amount: money, methodDisplay: z.string(), methodType: z.string(), at: instant })),
    alias: z.strictObject({ aliasType: z.string(), aliasId: z.string() }).nullable(),
    statusReason: z.string().nullable(),
  })
  .meta({ id: 'report', description: 'What Buy with Prime is told.' });

const shown = z
  .strictObject({ hash: z.string(), total: decimal, lines: z.array(z.strictObject({ lineId: z.string(), units })), doubts: z.array(z.string()) })
  .describe('What an approval binds to: put it into `answers[].shown` of the facts.');

const because = z
  .array(z.strictObject({ rule: z.string(), text: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) }))
  .describe('The rules that fired, in order, with the facts they stood on.');

const explanation = z.string().describe('For a person: what is done, and why.');
const reason = z.string().nullable().describe('Why it is in a person’s hands, such as ABOVE_LIMIT.');

export const refundAnswer = z
  .strictObject({
    refundId: z.string(),
    kind: kinds<RefundDecision['kind']>({
      pay: 'all that was asked for is paid.',
      pay_part: 'what is still free and left is paid.',
      needs_approval: 'it would be paid, were it approved.',
      paying: 'its money call is out.',
      follow: 'it is in the ledger; Buy with Prime is kept in step.',
      declined: 'the payment system said no; a person decides whether it is tried again.',
      adopt: 'an external refund was for just this: answered with it, no money.',
      already_refunded: 'all of it was refunded before: no money.',
      nothing_due: 'nothing is owed: no money.',
      denied: 'a person denied it: no money.',
      void: 'our own payment must not be credited: it is voided, then decided again.',
      await_return: 'it waits for its return.',
      record: 'Amazon refunded it by itself: booked in the OMS, no money.',
      hold: 'it waits for something else to become final.',
      manual: 'it cannot be decided from the facts: a person does.',
      settled: 'nothing is left to do.',
    }),
    explanation,
    reason,
    approval: z
      .strictObject({ needed: z.number().int(), given: z.array(z.string()), maximum: decimal, shown })
      .nullable()
      .describe('How many different persons have to approve, who has, and the most that an approval may name.'),
    statusReason: z.string().nullable().describe('What Buy with Prime will be told besides SUCCESS, such as PARTIALLY_DECLINED.'),
    key: z.string().nullable().describe('Of the money call, or of the ledger entry that the decision is about.'),
    amount: amount.nullable().describe('What is paid, or booked.'),
    estimate: money.nullable().describe('What Buy with Prime expected.'),
    difference: decimal.nullable().describe('Amount less estimate; null where their currencies differ.'),
    entry: z.strictObject({ state: z.string(), paid: decimal }).nullable().describe('Our ledger entry, of `follow`.'),
    told: z.boolean().nullable().describe('Whether Buy with Prime knows, of `declined`.'),
    reports: z.array(report).describe('Answers without money: the first that Buy with Prime takes.'),
    until: instant.nullable().describe('How long it waits at most, of `await_return`.'),
    because,
  })
  .meta({ id: 'refundDecision' });

export const entryAnswer = z
  .strictObject({
    key: z.string().describe('Of the ledger entry, which began outside Buy with Prime.'),
    kind: kinds<EntryDecision['kind']>({
      mirror: 'added to the Buy with Prime order.',
      update_mirror: 'the Buy with Prime refund that stands for it is brought up to date.',
      hold: 'not told to Buy with Prime yet.',
      manual: 'a person decides.',
      settled: 'nothing is left to do.',
    }),
    explanation,
    reason,
    refundId: z.string().nullable().describe('The Buy with Prime refund that stands for it, of `update_mirror`.'),
    report: report.nullable(),
    lines: z.array(z.strictObject({ lineId: z.string(), units: units.nullable() })),
    dueAt: instant.nullable().describe('When somebody outside wants an answer.'),
    because,
  })
  .meta({ id: 'entryDecision' });

const alias = z.strictObject({ aliasType: z.string(), aliasId: z.string() });
const text = z.string().nullable();

const picture = z.strictObject({
  id: z.string(),
  state: z.string(),
  createdAt: instant.nullable(),
  reason: z.strictObject({ code: text, text, comment: text }).nullable(),
  packages: z.array(
    z.strictObject({
      id: z.string(),
      state: z.string(),
      reason: text,
      tracking: z.strictObject({ carrier: text, number: text, url: text }).nullable(),
    }),
  ),
  lines: z.array(z.strictObject({ lineId: z.string(), units, graded: z.array(z.strictObject({ condition: z.string(), units })), restock: units })),
});

export const returnAnswer = z
  .strictObject({
    returnId: z.string(),
    kind: kinds<ReturnDecision['kind']>({
      follow: 'it is under way.',
      manual: 'a person decides.',
      settled: 'nothing more will come of it.',
    }),
    explanation,
    reason,
    stage: z.enum(['OPEN', 'IN_TRANSIT', 'DELIVERED', 'GRADING']).nullable().describe('How far it has come; null once it is settled.'),
    outcome: z.enum(['DONE', 'CANCELLED', 'NEVER_SENT']).nullable().describe('Of `settled`.'),
    until: instant.nullable().describe('By when something more should have happened, of `follow`.'),
    tell: z.strictObject({ version: z.number().int(), picture }).nullable().describe('What the OMS is told.'),
    because,
  })
  .meta({ id: 'returnDecision' });

export const externalReturnAnswer = z
  .strictObject({
    externalReturnId: z.string(),
    kind: kinds<ExternalReturnDecision['kind']>({
      add: 'added to the Buy with Prime order.',
      update: 'the Buy with Prime return that stands for it is brought up to date.',
      linked: 'a return that was opened at Buy with Prime stands for it.',
      manual: 'a person decides.',
      settled: 'nothing is left to do.',
    }),
    explanation,
    reason,
    returnId: z.string().nullable().describe('The Buy with Prime return that stands for it, of `update` and `linked`.'),
    state: z.enum(['CREATED', 'COMPLETED', 'CANCELLED']).nullable().describe('That Buy with Prime is told; null: it stays as it is.'),
    aliases: z.array(alias).nullable().describe('That replace all that Buy with Prime shows; null: they stay as they are.'),
    lines: z.array(z.strictObject({ lineId: z.string(), units })).describe('Of `add`, by the line ids of Buy with Prime.'),
    isFinal: z.boolean().nullable().describe('Whether nothing more will come of it, of `settled`.'),
    because,
  })
  .meta({ id: 'externalReturnDecision' });

export const quoteAnswer = z.strictObject({
  at: z.strictObject({ businessProductId: z.string(), orderId: z.string() }),
  readAt: instant,
  policyVersion: z.string().describe('Of the policy that decided.'),
  refunds: z.array(refundAnswer).describe('One for each refund at Buy with Prime.'),
  entries: z.array(entryAnswer).describe('One for each ledger entry that began outside Buy with Prime.'),
  returns: z.array(returnAnswer).describe('One for each return that was opened at Buy with Prime and is no draft.'),
  externalReturns: z.array(externalReturnAnswer).describe('One for each return that was opened in the OMS.'),
});

export type ReturnAnswer = z.infer<typeof returnAnswer>;
export type ExternalReturnAnswer = z.infer<typeof externalReturnAnswer>;
export type RefundAnswer = z.infer<typeof refundAnswer>;
export type EntryAnswer = z.infer<typeof entryAnswer>;
export type QuoteAnswer = z.infer<typeof quoteAnswer>;

/** docs/quote.schema.json. */
export const quoteJsonSchema = (): object => ({
  ...z.toJSONSchema(quoteAnswer),
  title: 'Quote of one order',
  description: 'What "saga quote --json" answers. See quote.md.',
});
