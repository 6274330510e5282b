import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aRefund, refundsOf, startOms, until } from './oms-under-test.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
beforeAll(async () => {
  oms = await startOms();
}, 60_000);
afterEach(() => oms.admin('PUT', '/faults', { rules: [] }));
afterAll(() => oms?.close());

const faults = (...rules: object[]) => oms.admin('PUT', '/faults', { rules });

/** Sends the call and gives up on it after `giveUpMs`; says how it ended. */
async function tryToPay(order: string, giveUpMs: number): Promise<string> {
  const ifMatch = await oms.version(order);
  try {
    const { status } = await oms.call('PUT', `${refundsOf(order)}/k`, { body: aRefund(), ifMatch, signal: AbortSignal.timeout(giveUpMs) });
    return String(status);
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'timed out' : 'reset';
  }
}

/** Resolves once the server is through with every call about the order, answered or not. */
const over = (order: string) =>
  until(
    () => oms.admin<{ requests: { ms: number | null }[] }>('GET', `/requests?orderId=${order}`),
    ({ requests }) => requests.every(({ ms }) => ms !== null),
  );

describe('a fault', () => {
  it.each([
    { kind: 'timeoutBefore', ends: 'timed out', paid: 0 },
    { kind: 'timeoutAfter', ends: 'timed out', paid: 1 },
    { kind: 'resetBefore', ends: 'reset', paid: 0 },
    { kind: 'resetAfter', ends: 'reset', paid: 1 },
  ])('$kind: the call ends "$ends" with $paid payouts, and the same call again is paid once', async ({ kind, ends, paid }) => {
    const order = await oms.order();
    const version = await oms.version(order);
    await faults({ operation: 'putRefund', orderId: order, kind, times: 1 });
    expect(await tryToPay(order, ends === 'reset' ? 30_000 : 1_000)).toBe(ends);
    await over(order);
    expect(await oms.payouts(order)).toHaveLength(paid);
    expect((await oms.pay(order, 'k', aRefund(), version)).status).toBe(paid === 1 ? 200 : 201);
    expect(await oms.payouts(order)).toHaveLength(1);
  });

  it('lateEffect: the call is applied after its caller gave up and looked', async () => {
    const order = await oms.order();
    await faults({ operation: 'putRefund', kind: 'lateEffect', ms: 2_000, times: 1 });
    expect(await tryToPay(order, 500)).toBe('timed out');
    expect((await oms.find(order, 'k')).status).toBe(404);
    const found = await until(
      () => oms.find(order, 'k'),
      ({ status }) => status === 200,
    );
    expect(found.body).toMatchObject({ state: 'SUCCEEDED', payouts: [{ amount: '10.00' }] });
  });

  it('lateEffect: a void in between makes the late call pay nothing', async () => {
    const order = await oms.order();
    await faults({ operation: 'putRefund', kind: 'lateEffect', ms: 2_000, times: 1 });
    await tryToPay(order, 500);
    await oms.void(order, 'k');
    await over(order);
    expect(await oms.payouts(order)).toEqual([]);
  });

  it.each([
    { retryAfter: 7, header: '7' },
    { retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT', header: 'Wed, 21 Oct 2026 07:28:00 GMT' },
  ])('http429 carries Retry-After as $header', async ({ retryAfter, header }) => {
    const order = await oms.order();
    await faults({ operation: 'getLedger', kind: 'http429', retryAfter, times: 1 });
    const throttled = await oms.call('GET', refundsOf(order));
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, header]);
  });

  it('delay answers late and truly', async () => {
    const order = await oms.order();
    await faults({ operation: 'getOrder', kind: 'delay', ms: 120, times: 1 });
    const started = performance.now();
    expect((await oms.call('GET', `/orders/${order}`)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(100);
  });

  it('is played in its turn: rules are tried in order, skip and run out, and keep to their order and operation', async () => {
    const [order, other] = [await oms.order(), await oms.order()];
    await faults(
      { operation: 'getOrder', orderId: order, kind: 'http500', skip: 1, times: 1 },
      { operation: 'getOrder', orderId: order, kind: 'http503', skip: 1, times: 1 },
    );
    const look = async (id: string): Promise<number> => (await oms.call('GET', `/orders/${id}`)).status;
    const statuses = [await look(order), await look(other), await look(order), await look(order), await look(order)];
    expect(statuses).toEqual([200, 200, 500, 503, 200]);
    expect((await oms.call('GET', refundsOf(order))).status).toBe(200);
  });

  it('by chance is the same for the same seed', async () => {
    const order = await oms.order();
    const statuses = async (): Promise<number[]> => {
      await oms.admin('PUT', '/faults', { rules: [{ operation: 'getOrder', kind: 'http500', probability: 0.5 }], seed: 42 });
      const seen: number[] = [];
      for (let call = 0; call < 12; call += 1) seen.push((await oms.call('GET', `/orders/${order}`)).status);
      return seen;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(first);
  });

  it('shows in the log of calls, which says what each was and how it ended', async () => {
    const order = await oms.order();
    await faults({ operation: 'putRefund', kind: 'timeoutAfter', times: 1 });
    await tryToPay(order, 1_000);
    const { requests } = await oms.admin<{ requests: object[] }>('GET', `/requests?orderId=${order}`);
    expect(requests.at(-1)).toMatchObject({ operation: 'putRefund', method: 'PUT', key: 'k', status: null, fault: 'timeoutAfter' });
  });
});
