import { z } from 'zod';
import type { Currency } from '../../domain/currency.ts';
import { lineId, orderId, refundId } from '../../domain/ids.ts';
import { type CapturedOrder, type Components, type EntryLine, type LedgerEntry, SPREAD_COMPONENTS } from '../../domain/order.ts';
import { amountIn, currencyCode, into, optionalList, optionalText, signedAmountIn, wholeUnits } from '../wire-values.ts';

/** On the wire as in the domain; one that is absent was not refunded. */
export const COMPONENTS = [...SPREAD_COMPONENTS, 'fee', 'feeTax', 'adjustment'] as const;

/** What the OMS says it can do (design.md 5); `longestRequestSeconds`: how long a request can live there after its answer was lost. */
export type OmsCapabilities = z.infer<typeof capabilities>;
export const capabilities = z.object({
  idempotencyKey: z.object({ honoured: z.boolean(), lifeSeconds: wholeUnits }),
  longestRequestSeconds: wholeUnits,
  ledgerVersion: z.boolean(),
  partial: z.boolean(),
  concurrentPerOrder: z.boolean(),
  perLineTax: z.boolean(),
  void: z.boolean(),
  lookUpByKey: z.boolean(),
  listByTime: z.boolean(),
  resolutions: z.boolean(),
  /** Not said by an OMS that knows nothing of returns. */
  returns: z.boolean().default(false),
});

/** `error` of any answer that is not a success. */
export const errorAnswer = z.object({
  error: z.object({ code: z.string().min(1), message: optionalText, field: optionalText, reason: optionalText }),
});

/**
 * A schema whose amounts need the `currencyCode` beside them: that is read first, then the rest. Built once per currency, of which the currency table
 * has fewer than two hundred.
 */
const inItsCurrency = <Out>(schemaIn: (currency: Currency) => z.ZodType<Out>) => {
  const schemas = new Map<Currency, z.ZodType<Out>>();
  return z.looseObject({ currencyCode }).transform((wire, context): Out => {
    const schema = schemas.get(wire.currencyCode) ?? schemaIn(wire.currencyCode);
    schemas.set(wire.currencyCode, schema);
    const parsed = schema.safeParse(wire);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
};

/** `Order` of the contract. `aliases` are other ids that the OMS has for it. */
export const orderAnswer = inItsCurrency((currency) => {
  const amount = amountIn(currency);
  const delivery = z.object({ charge: amount, discount: amount, tax: amount });
  const line = z.object({
    id: into(z.string(), lineId),
    aliases: optionalList(z.string()),
    quantity: wholeUnits,
    unitPrice: amount,
    discount: amount,
    tax: amount,
    delivery,
  });
  const payment = z.object({ id: z.string().min(1), methodDisplay: z.string(), methodType: z.string(), captured: amount });
  return z
    .object({
      id: into(z.string(), orderId),
      aliases: optionalList(z.string()),
      pricesIncludeTax: z.boolean(),
      lines: z.array(line),
      discount: amount,
      delivery,
      total: amount,
      payments: z.array(payment),
      updatedAt: z.string().min(1),
    })
    .transform(({ aliases, ...order }): { readonly order: CapturedOrder; readonly aliases: readonly string[] } => ({
      order: { ...order, currency },
      aliases,
    }));
});

/** `Entry` of the contract. */
export const entryAnswer = inItsCurrency((currency) => {
  const amount = amountIn(currency);
  const signed = signedAmountIn(currency);
  const components = z
    .object({
      item: signed.nullish(),
      tax: signed.nullish(),
      shipping: signed.nullish(),
      shippingTax: signed.nullish(),
      fee: signed.nullish(),
      feeTax: signed.nullish(),
      adjustment: signed.nullish(),
    })
    .transform((wire): Components => Object.fromEntries(COMPONENTS.flatMap((name) => (wire[name] == null ? [] : [[name, wire[name]]]))));
  const line = z
    .object({ lineId: into(z.string(), lineId), units: wholeUnits.nullable(), amount, components: components.nullish() })
    .transform((wire): EntryLine => ({ ...wire, components: wire.components ?? null }));
  const payout = z.object({
    id: z.string().min(1),
    amount,
    state: z.enum(['SUCCESS', 'IN_PROGRESS', 'FAILED']),
    methodDisplay: z.string(),
    methodType: z.string(),
    at: z.string().min(1),
  });
  return z
    .object({
      key: z.string().min(1),
      source: z.enum(['BWP', 'AMAZON', 'EXTERNAL', 'DISPUTE', 'GOODWILL']),
      bwpRefundId: into(z.string(), refundId).nullish(),
      externalId: optionalText,
      state: z.enum(['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED', 'VOIDED']),
      total: amount,
      paid: amount,
      createdAt: z.string().min(1),
      endedAt: optionalText,
      lines: z.array(line),
      payments: optionalList(z.object({ paymentId: z.string().min(1), amount })),
      payouts: z.array(payout),
      failure: z.object({ code: z.string(), message: z.string() }).nullish(),
    })
    .transform((wire): LedgerEntry => ({ ...wire, currency, bwpRefundId: wire.bwpRefundId ?? null, failure: wire.failure ?? null }));
});

/** Body of the ledger; `version` may be left to the ETag header. */
export const ledgerAnswer = z.object({ version: optionalText, entries: z.array(entryAnswer) });

/** An answer that carries the entry it is about beside its error. */
export const entryBesideError = z.object({ entry: entryAnswer }).transform(({ entry }) => entry);
