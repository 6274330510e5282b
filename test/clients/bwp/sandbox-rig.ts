import { afterAll, beforeAll } from '@jest/globals';
import { type BwpSandbox, startBwpSandbox } from '../../../sandbox/bwp/server.ts';
import { type BwpApi, type BwpApiOptions, createBwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import { businessProductId, type OrderRef, orderId } from '../../../src/domain/ids.ts';

/** The one order that these tests make anew for each of them. */
export const at: OrderRef = { businessProductId: businessProductId('bp-sandbox'), orderId: orderId('ORD-1') };

let sandbox: BwpSandbox;

/** A BwP sandbox for the tests of a file. */
export function useBwpSandbox(): void {
  beforeAll(async () => {
    sandbox = await startBwpSandbox();
  });
  afterAll(() => sandbox?.close());
}

export async function admin(method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${sandbox.url}/admin${path}`, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

export const createApi = (over: Partial<BwpApiOptions> = {}): BwpApi =>
  createBwpApi({
    url: `${sandbox.url}/graphql`,
    tokenUrl: `${sandbox.url}/token`,
    clientId: sandbox.config.clientId,
    clientSecret: sandbox.config.clientSecret,
    apiVersion: '2024-11-01',
    amountFormat: 'number',
    ...over,
  });
