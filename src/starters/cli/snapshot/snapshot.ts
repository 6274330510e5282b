import { z } from 'zod';
import type { Currency } from '../../../domain/currency.ts';
import { businessProductId, type OrderRef, orderId } from '../../../domain/ids.ts';
import type { OrderFacts } from '../../../domain/order-facts.ts';
import { jsonPath, shown } from '../../refusal.ts';
import { bwpLine, bwpRefund, bwpReturn } from './bwp-order.ts';
import { capturedOrder } from './captured-order.ts';
import { claim, ledgerEntry } from './ledger.ts';
import { personAnswer, resolution } from './persons.ts';
import { currencyCode, fields, id, instant, list, text } from './values.ts';
import { parseWrittenJson, repeatedKeys, WrittenNumber } from './written-json.ts';

const orderRef = () =>
  fields({ businessProductId: id('the id of a business product', businessProductId), orderId: id('the id of an order', orderId) });

/** What the rest of a snapshot is read by. */
const head = z.looseObject({ currency: currencyCode, at: orderRef() }, { error: 'an object' });

/** The JSON form of `OrderFacts` (docs/quote.md); amounts in decimals of `currency`. */
export const snapshotSchema = (currency: Currency, at: OrderRef) =>
  fields({
    $schema: z.string({ error: 'a text' }).optional().describe('For editors.'),
    note: z.string({ error: 'a text' }).optional().describe('For readers: what happened. Decides nothing.'),
    currency: currencyCode.describe('The currency of the order, ISO 4217, and of every amount that does not name its own.'),
    at: orderRef(),
    readAt: instant.describe('When Buy with Prime was read: the only clock of a decision.'),
    order: fields({
      id: id('the id of the order', orderId).optional().describe('at.orderId where it is left out.'),
      lines: list(bwpLine()).optional().describe('Those of `captured` where they are left out.'),
      refunds: list(bwpRefund(currency)),
      returns: list(bwpReturn()).default([]),
    }).describe('The order as Buy with Prime shows it.'),
    captured: capturedOrder(currency, at).nullable().describe('The order as the OMS captured it. Null: the OMS does not know it.'),
    ledger: fields({ version: text.default('1'), entries: list(ledgerEntry(currency)) })
      .nullable()
      .optional()
      .describe('The refunds of the order from all sources, as the OMS holds them. Left out: none, or null where `captured` is.'),
    claims: list(claim(currency, at)).default([]).describe('Money calls that were granted and are not in the ledger yet.'),
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
    const { at: where, readAt, claims, answers, resolutions, notices, refusedVoids } = wire;
    const bwp = { ...order, id: order.id ?? where.orderId, lines: lines ?? [] };
    return { at: where, readAt, bwp, captured, ledger, claims, answers, resolutions, notices, refusedVoids };
  });

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
  const repeated = repeatedKeys(json).map((path) => `${source}: ${jsonPath(path)}: expected once, found twice in the same object`);
  const began = head.safeParse(wire);
  const parsed = began.success ? snapshotSchema(began.data.currency, began.data.at).safeParse(wire) : began;
  const issues = parsed.success ? [] : parsed.error.issues;
  if (began.success && parsed.success && repeated.length === 0) return parsed.data as OrderFacts;
  return { problems: [...repeated, ...issues.flatMap((issue) => describe(issue, wire)).map((problem) => `${source}: ${problem}`)] };
}

function describe(issue: z.core.$ZodIssue, wire: unknown): string[] {
  const at = issue.path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${jsonPath([...at, key])}: expected ${issue.message}, found an unknown one`);
  return [`${jsonPath(at)}: expected ${issue.message}, found ${foundAt(wire, at)}`];
}

function foundAt(wire: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], wire);
  return value instanceof WrittenNumber ? value.text : shown(value);
}
