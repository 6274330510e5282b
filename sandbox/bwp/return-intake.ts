import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { timestamp } from './clock.ts';
import { aliasesSchema, idSchema, unitsFromBody } from './order-intake.ts';
import type { OrderRecord, ReturnLineRecord, ReturnRecord } from './order-record.ts';
import { returnPackageFromBody, returnPackageSchema } from './return-package-intake.ts';
import type { Switches } from './switches.ts';

const linesSchema = z.array(z.strictObject({ id: idSchema.optional(), lineItemId: idSchema, units: z.number().int().min(1) })).min(1);

/** A return that a shopper opens through Buy with Prime, as a tester describes it. States and reasons are free text: unknown ones may come. */
export const returnRequestSchema = z
  .strictObject({
    id: idSchema.optional(),
    /** DRAFT is still being negotiated and told to nobody. */
    state: z.string().min(1).default('CREATED'),
    /** The code of returnReasonTerm; null shows no reason at all. */
    reason: z.string().min(1).nullable().default('NO_LONGER_NEEDED'),
    description: z.string().nullable().default(null),
    locale: z.string().min(1).default('en-US'),
    /** The shopper's own words. */
    comment: z.string().nullable().default(null),
    aliases: aliasesSchema.default([]),
    createdAt: z.string().min(1).optional(),
    /** One package with these lines; default: all units of all lines. */
    lines: linesSchema.optional(),
    /** Several packages, each with lines of its own. */
    packages: z
      .array(returnPackageSchema.extend({ lines: linesSchema }))
      .min(1)
      .optional(),
    /** Whether RETURN_STARTED is sent. */
    emit: z.boolean().default(true),
  })
  .refine(({ lines, packages }) => lines === undefined || packages === undefined, {
    path: ['packages'],
    error: 'expected lines or packages, got both',
  });

export type ReturnRequest = z.infer<typeof returnRequestSchema>;

/** A change that Amazon's side makes to a return: no state table applies. */
export const returnChangeSchema = z.strictObject({
  state: z.string().min(1).optional(),
  reason: z.string().min(1).nullable().optional(),
  description: z.string().nullable().optional(),
  comment: z.string().nullable().optional(),
  aliases: aliasesSchema.optional(),
  /** Whether RETURN_STARTED, when a draft begins, and RETURN_COMPLETED, when the state becomes COMPLETED, are sent. */
  emit: z.boolean().default(true),
});

export type ReturnChange = z.infer<typeof returnChangeSchema>;

/** @throws RangeError when a line is unknown. */
export function returnFromBody(body: ReturnRequest, order: OrderRecord, switches: Switches): ReturnRecord {
  const now = body.createdAt ?? timestamp(switches.timestampDigits);
  const packages: ReturnRecord['packages'][number][] = [];
  const lines: ReturnLineRecord[] = [];
  for (const { lines: sent, ...parcel } of body.packages ?? [{ lines: body.lines }]) {
    const record = returnPackageFromBody(parcel, now);
    packages.push(record);
    for (const [index, units] of unitsFromBody(sent, order.lines).entries()) {
      lines.push({ ...units, id: sent?.[index]?.id ?? `rl-${randomUUID()}`, packageId: record.id, grading: [] });
    }
  }
  return {
    id: body.id ?? `rt-${randomUUID()}`,
    origin: 'requested',
    aliases: body.aliases,
    state: body.state,
    createdAt: now,
    updatedAt: now,
    reason: body.reason === null ? null : { code: body.reason, description: body.description, locale: body.locale, comments: body.comment },
    packages,
    lines,
  };
}

export function changedReturn(known: ReturnRecord, change: ReturnChange, now: string): ReturnRecord {
  return {
    ...known,
    state: change.state ?? known.state,
    aliases: change.aliases ?? known.aliases,
    reason: changedReason(known.reason, change),
    updatedAt: now,
  };
}

function changedReason(known: ReturnRecord['reason'], { reason, description, comment }: ReturnChange): ReturnRecord['reason'] {
  const code = reason === undefined ? known?.code : reason;
  if (code == null) return null;
  return {
    code,
    description: description === undefined ? (known?.description ?? null) : description,
    locale: known?.locale ?? 'en-US',
    comments: comment === undefined ? (known?.comments ?? null) : comment,
  };
}
