import { z } from 'zod';
import { businessProductId, orderId } from '../../../domain/ids.ts';
import type { OrderFacts } from '../../../domain/order-facts.ts';
import { refundKey } from '../../../domain/refund-key.ts';
import { jsonPath, shown } from '../../refusal.ts';
import { bwpLine, bwpRefund } from './bwp-order.ts';
import { capturedOrder } from './captured-order.ts';
import { claim, ledgerEntry } from './ledger.ts';
import { personAnswer, resolution } from './persons.ts';
import { bwpReturn, omsReturns } from './returns.ts';
import { byCurrency, currencyCode, fields, id, instant, list, moneyIn, text } from './values.ts';
import { digitsOf, parseWrittenJson, repeatedKeys } from './written-json.ts';

const orderRef = () =>
  fields({ businessProductId: id('the id of a business product', businessProductId), orderId: id('the id of an order', orderId) });

/** What the rest of a snapshot is read by. */
const head = z.looseObject({ currency: currencyCode }, { error: 'an object' });

/** The JSON form of `OrderFacts` (docs/quote.md); amounts in decimals of `currency`. */
export const snapshotSchema = byCurrency((currency) =>
  fields({
    $schema: z.string({ error: 'a text' }).optional().describe('For editors.'),
    note: z.string({ error: 'a text' }).optional().describe('For readers: what happened. Decides nothing.'),
    currency: currencyCode.describe('The currency of the order, ISO 4217, and of every amount that does not name its own.'),
    at: orderRef(),
    readAt: instant.describe('When Buy with Prime was read: the only clock of a decision.'),
    order: fields({
      id: id('the id of the order', orderId).nullable().default(null).describe('Null or left out: at.orderId.'),
      lines: list(bwpLine()).optional().describe('Those of `captured` where they are left out.'),
      refunds: list(bwpRefund(currency)),
      total: moneyIn(currency).nullable().default(null).describe('What it cost at Buy with Prime. Null or left out: not compared with the OMS.'),
      returns: list(bwpReturn()).default([]),
    }).describe('The order as Buy with Prime shows it.'),
    captured: capturedOrder(currency).nullable().describe('The order as the OMS captured it. Null: the OMS does not know it.'),
    ledger: fields({ version: text.default('1'), entries: list(ledgerEntry(currency)) })
      .nullable()
      .optional()
      .describe('The refunds of the order from all sources, as the OMS holds them. Left out: none, or null where `captured` is.'),
    omsReturns: omsReturns()
      .nullable()
      .default(null)
      .describe('The returns of the order as the OMS holds them. Null or left out: it keeps no returns, and is told nothing of them.'),
    claims: list(claim(currency)).default([]).describe('Money calls that were granted and are not in the ledger yet.'),
    answers: list(personAnswer(currency)).default([]).describe('What persons answered.'),
    resolutions: list(resolution()).default([]).describe('What persons found out about single entries.'),
    notices: list(fields({ key: text, at: instant }))
      .default([])
      .describe('When the OMS first told of an entry that began outside Buy with Prime.'),
    refusedVoids: list(text).default([]).describe('Keys of our entries that the OMS refused to void.'),
  }).transform((wire, context): OrderFacts => {
    const { order, captured } = wire;
    const lines = order.lines ?? captured?.lines.map(({ id: line, quantity }) => ({ id: line, quantity }));
    if (lines === undefined) context.addIssue({ code: 'custom', path: ['order', 'lines'], message: 'a list, since captured is null' });
    const ledger = wire.ledger === undefined ? (captured === null ? null : { version: '1', entries: [] }) : wire.ledger;
    const { at, readAt, answers, resolutions, notices, refusedVoids } = wire;
    return {
      at,
      readAt,
      bwp: { ...order, id: order.id ?? at.orderId, lines: lines ?? [] },
      captured: captured && { ...captured, id: captured.id ?? at.orderId },
      ledger,
      returns: wire.omsReturns,
      claims: wire.claims.map((each) => ({ ...each, key: each.key ?? refundKey(at, each.refundId, 1) })),
      answers,
      resolutions,
      notices,
      refusedVoids,
    };
  }),
);

/** What is wrong with a snapshot: one line each, with file, JSON path, what is expected and what was found. */
export type Problems = { readonly problems: readonly string[] };

/** `source` names the text in problems. */
export function parseSnapshot(json: string, source: string): OrderFacts | Problems {
  let wire: unknown;
  try {
    wire = parseWrittenJson(json);
  } catch (error) {
    return { problems: [`${source}: expected JSON, found: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const problems = repeatedKeys(json).map((path) => `${jsonPath(path)}: expected once, found twice in the same object`);
  const began = head.safeParse(wire);
  const parsed = began.success ? snapshotSchema(began.data.currency).safeParse(wire) : null;
  if (parsed?.success === true && problems.length === 0) return parsed.data;
  problems.push(...((parsed ?? began).error?.issues.flatMap((issue) => described(issue, wire)) ?? []));
  return { problems: problems.map((problem) => `${source}: ${problem}`) };
}

function described(issue: z.core.$ZodIssue, wire: unknown): string[] {
  const at = issue.path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${jsonPath([...at, key])}: expected ${issue.message}, found an unknown one`);
  return [`${jsonPath(at)}: expected ${issue.message}, found ${foundAt(wire, at)}`];
}

function foundAt(wire: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], wire);
  return digitsOf(value) ?? shown(value);
}
