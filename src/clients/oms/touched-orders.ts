import { z } from 'zod';
import { optionalText } from '../wire-values.ts';

/** A page of `GET /orders?touchedSince=`; the cursor is null on the last one. */
export type TouchedOrders = {
  readonly orders: readonly { readonly id: string; readonly touchedAt: string }[];
  readonly nextCursor: string | null;
};

export type TouchedQuery = { readonly since: string; readonly cursor: string | null; readonly limit: number };

export const touchedOrders: z.ZodType<TouchedOrders> = z.object({
  orders: z.array(z.object({ id: z.string().min(1), touchedAt: z.iso.datetime({ offset: true }) })),
  nextCursor: optionalText,
});

export const touchedSearch = ({ since, cursor, limit }: TouchedQuery): string =>
  `?${new URLSearchParams({ touchedSince: since, limit: String(limit), ...(cursor !== null && { cursor }) })}`;
