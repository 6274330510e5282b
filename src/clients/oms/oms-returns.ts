import { z } from 'zod';
import { lineId, returnId } from '../../domain/ids.ts';
import type { ExternalReturn, ReturnPicture, ToldReturn } from '../../domain/order.ts';
import type { Resolution } from '../../domain/person-answer.ts';
import { into, optionalList, optionalText, wholeUnits } from '../wire-values.ts';

const line = into(z.string(), lineId);

const tracking = z
  .object({ carrier: optionalText, number: optionalText, url: optionalText })
  .nullish()
  .transform((wire) => wire ?? null);
const reason = z
  .object({ code: optionalText, text: optionalText, comment: optionalText })
  .nullish()
  .transform((wire) => wire ?? null);

/** `ToldReturn` of the contract. */
export const toldAnswer = z
  .object({
    id: into(z.string(), returnId),
    version: z.int().min(1),
    state: z.string().min(1),
    createdAt: optionalText,
    reason,
    packages: optionalList(z.object({ id: z.string().min(1), state: z.string().min(1), reason: optionalText, tracking })),
    lines: z.array(
      z.object({
        lineId: line,
        units: wholeUnits,
        graded: optionalList(z.object({ condition: z.string(), units: wholeUnits })),
        restock: wholeUnits,
      }),
    ),
  })
  .transform(({ version, ...picture }): ToldReturn => ({ version, picture }));

/** `ExternalReturn` of the contract. */
const externalReturn = z.object({
  id: z.string().min(1),
  state: z.string().min(1),
  aliases: optionalList(z.object({ aliasType: z.string().min(1), aliasId: z.string().min(1) })),
  lines: z.array(z.object({ lineId: line, units: wholeUnits })),
  createdAt: z.string().min(1),
}) satisfies z.ZodType<ExternalReturn>;

/** Body of the returns of an order. */
export const returnsAnswer = z.object({ told: z.array(toldAnswer), external: z.array(externalReturn) });

/** `StoredResolution` of the contract. A verdict that nobody knows here is unreadable: it may say that money moved. */
export const storedResolution = z.object({
  key: z.string().min(1),
  outcome: z.enum(['paid', 'not_paid', 'paid_elsewhere', 'accepted']),
  actor: z.string().min(1),
  reason: z.string(),
  at: z.string().min(1),
}) satisfies z.ZodType<Resolution>;

/** Body of the resolutions of an order. */
export const resolutionsAnswer = z.object({ resolutions: z.array(storedResolution) });

/** Body of a telling; the return's id is in the path. */
export const pictureBody = ({ id: _id, ...picture }: ReturnPicture, version: number) => ({ version, ...picture });
