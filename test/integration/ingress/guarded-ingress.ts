import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { businessProductId } from '../../../src/domain/ids.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { callIngress, type Got } from '../../starters/http/ingress-document.ts';
import { PRODUCT } from '../support/sandboxes.ts';

const TOKEN = 'swordfish';
export const login = { authorization: `Bearer ${TOKEN}` };

export type GuardedIngress = { readonly url: string; close(): Promise<void> };

/** An ingress of the same Temporal that asks for a login. */
export async function guardedIngress(client: Client, taskQueue: string): Promise<GuardedIngress> {
  const app = createIngress({
    client,
    taskQueue,
    config: { businessProductIds: new Set([businessProductId(PRODUCT)]), token: TOKEN },
    logger: pino({ level: 'silent' }),
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() };
}

/** Asks an ingress for an order; its answer is held against the OpenAPI document. */
export const askOrder = <Body>(
  { url }: GuardedIngress,
  order: string,
  { product = PRODUCT, headers = login }: { readonly product?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Got<Body>> => callIngress<Body>(url, `/v1/products/${encodeURIComponent(product)}/orders/${encodeURIComponent(order)}`, { headers });
