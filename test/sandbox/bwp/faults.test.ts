import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, aRefund, firstError, type Json, READ, type Rig, startRig, tokenForm, UPDATE } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const plan = (rules: readonly Json[], seed = 1) => rig.admin('PUT', '/faults', { rules, seed });
const stateOf = async (orderId: string) => {
  const { body } = await rig.admin('GET', `/orders/${orderId}`);
  return (body['refunds'] as { details: Json[] }).details.map(({ state }) => state);
};
async function aPendingRefund() {
  const orderId = await rig.newOrder();
  const id = await rig.requestRefund(orderId);
  const report = (signal?: AbortSignal) =>
    rig.post(UPDATE, { oid: { orderId }, in: { refunds: { details: [aRefund({ id, state: 'SUCCESS' })] } } }, {}, signal);
  return { orderId, id, report };
}
/** Asks the request log until its last call looks like `wanted`. */
async function untilCall(wanted: { readonly fault: string; readonly outcome: string }, at = rig): Promise<void> {
  for (;;) {
    const { requests } = (await at.admin('GET', '/requests')).body as { requests: Json[] };
    const last = requests.at(-1);
    if (last?.['fault'] === wanted.fault && last['outcome'] === wanted.outcome) return;
  }
}
const errorOf = async (response: Response) => firstError((await response.json()) as Answer)?.['errorType'];

describe('faults that are answered', () => {
  it.each([
    { kind: 'throttle', errorType: 'ThrottlingError', after: 'PENDING' },
    { kind: 'conflict', errorType: 'ConflictError', after: 'PENDING' },
    { kind: 'internalErrorBefore', errorType: 'InternalServerError', after: 'PENDING' },
    { kind: 'internalErrorAfter', errorType: 'InternalServerError', after: 'SUCCESS' },
  ])('8.2.3 $kind is $errorType over HTTP 200, the refund is $after then', async ({ kind, errorType, after }) => {
    const { orderId, report } = await aPendingRefund();
    await plan([{ operation: 'updateOrder', kind }]);
    const response = await report();
    expect(response.status).toBe(200);
    expect(await errorOf(response)).toBe(errorType);
    expect(await stateOf(orderId)).toEqual([after]);
  });

  it.each([
    { kind: 'http500', status: 500, after: 'PENDING' },
    { kind: 'http500After', status: 500, after: 'SUCCESS' },
    { kind: 'http429', status: 429, after: 'PENDING' },
  ])('8.2.3 $kind is HTTP $status, the refund is $after then', async ({ kind, status, after }) => {
    const { orderId, report } = await aPendingRefund();
    await plan([{ operation: 'updateOrder', kind }]);
    expect((await report()).status).toBe(status);
    expect(await stateOf(orderId)).toEqual([after]);
  });

  it.each([7, 'Sun, 22 Nov 2026 12:00:00 GMT'])('8.2.3 http429 carries Retry-After %s', async (retryAfter) => {
    const { report } = await aPendingRefund();
    await plan([{ kind: 'http429', retryAfter }]);
    expect((await report()).headers.get('retry-after')).toBe(String(retryAfter));
  });
});

describe('faults that are not answered', () => {
  it.each([
    { kind: 'resetBefore', after: 'PENDING' },
    { kind: 'resetAfter', after: 'SUCCESS' },
  ])('8.2.3 $kind cuts the connection, the refund is $after then', async ({ kind, after }) => {
    const { orderId, report } = await aPendingRefund();
    await plan([{ operation: 'updateOrder', kind }]);
    await expect(report()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(await stateOf(orderId)).toEqual([after]);
  });

  it.each([
    { kind: 'timeoutBefore', after: 'PENDING' },
    { kind: 'timeoutAfter', after: 'SUCCESS' },
  ])('8.2.3 $kind keeps silent until the client gives up, the refund is $after then', async ({ kind, after }) => {
    const { orderId, report } = await aPendingRefund();
    await plan([{ operation: 'updateOrder', kind }]);
    const client = new AbortController();
    const answer = expect(report(client.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await untilCall({ fault: kind, outcome: 'running' });
    client.abort();
    await answer;
    await untilCall({ fault: kind, outcome: kind });
    expect(await stateOf(orderId)).toEqual([after]);
  });

  it('8.2.3 a time-out ends after its ms when the client does not give up', async () => {
    const { report } = await aPendingRefund();
    await plan([{ kind: 'timeoutBefore', ms: 50 }]);
    await expect(report()).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } });
  });
});

describe('the end of a sandbox', () => {
  it('8.2.3 does not wait for a connection that a time-out holds, nor for events that wait', async () => {
    const own = await startRig();
    await own.admin('PUT', '/delivery', { delayMs: 3_600_000 });
    const orderId = await own.newOrder();
    await own.requestRefund(orderId);
    await own.admin('PUT', '/faults', { rules: [{ kind: 'timeoutBefore', ms: 3_600_000 }] });
    const answer = expect(own.post(READ, { oid: { orderId } })).rejects.toThrow('fetch failed');
    await untilCall({ fault: 'timeoutBefore', outcome: 'running' }, own);
    await own.close();
    await answer;
  });
});

describe('faults that change an answer', () => {
  it('8.2.3 delay holds the effect up, delayAfter only the answer', async () => {
    const { orderId, report } = await aPendingRefund();
    await plan([{ operation: 'updateOrder', kind: 'delayAfter', ms: 200 }]);
    const started = performance.now();
    const answer = report();
    await rig.receiver.waitFor(2); // REFUND_REQUESTED, and REFUND_COMPLETED of the effect
    expect(await stateOf(orderId)).toEqual(['SUCCESS']);
    expect((await answer).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(190);
    await plan([{ operation: 'order', kind: 'delay', ms: 100 }]);
    const again = performance.now();
    await rig.refunds(orderId);
    expect(performance.now() - again).toBeGreaterThan(90);
  });

  it.each([
    { versions: 1, shown: 'PARTIAL' },
    { versions: 2, shown: 'PENDING' },
  ])('8.2.3 staleRead shows the order as it was $versions changes ago', async ({ versions, shown }) => {
    const { orderId, id, report } = await aPendingRefund();
    await rig.update(orderId, [aRefund({ id, state: 'PARTIAL' })]);
    await report();
    await plan([{ operation: 'order', kind: 'staleRead', versions }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ state: shown }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'SUCCESS' }]);
  });

  it('8.2.3 partialData shows the order without refunds and says so in errors', async () => {
    const { orderId } = await aPendingRefund();
    await plan([{ operation: 'order', kind: 'partialData' }]);
    const answer = await rig.graphql(READ, { oid: { orderId } });
    expect(answer.data).toEqual({ order: { id: orderId, refunds: null } });
    expect(firstError(answer)).toMatchObject({ path: ['order', 'refunds'], errorType: 'InternalServerError' });
  });
});

describe('the fault plan', () => {
  const outcomes = async (orderId: string, count: number) => {
    const found: unknown[] = [];
    for (let call = 0; call < count; call += 1) found.push(firstError(await rig.graphql(READ, { oid: { orderId } }))?.['errorType'] ?? 'ok');
    return found;
  };

  it('lets the first calls pass, hits as often as said, and goes on with the next rule', async () => {
    const orderId = await rig.newOrder();
    await plan([
      { operation: 'order', kind: 'throttle', skip: 1, times: 2 },
      { operation: 'any', kind: 'conflict' },
    ]);
    expect(await outcomes(orderId, 5)).toEqual(['ConflictError', 'ThrottlingError', 'ThrottlingError', 'ok', 'ok']);
    expect((await rig.admin('GET', '/faults')).body).toMatchObject({
      rules: [
        { seen: 3, hits: 2 },
        { seen: 1, hits: 1 },
      ],
    });
  });

  it('hits only the order and the operation that a rule names', async () => {
    const [one, other] = [await rig.newOrder(), await rig.newOrder()];
    await plan([
      { orderId: one, kind: 'throttle' },
      { operation: 'updateOrder', kind: 'conflict' },
    ]);
    expect(await outcomes(other, 1)).toEqual(['ok']);
    expect(await outcomes(one, 2)).toEqual(['ThrottlingError', 'ok']);
  });

  it('draws the same calls again for the same seed', async () => {
    const orderId = await rig.newOrder();
    const rules = [{ kind: 'throttle', times: 'always', probability: 0.5 }];
    await plan(rules, 7);
    const first = await outcomes(orderId, 12);
    await plan(rules, 7);
    expect(await outcomes(orderId, 12)).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['ok', 'ThrottlingError']));
  });

  it.each([
    { kind: 'throttle', status: 429 },
    { kind: 'http429', status: 429 },
    { kind: 'http500', status: 500 },
    { kind: 'internalErrorBefore', status: 500 },
  ])('hits the token endpoint: $kind is HTTP $status', async ({ kind, status }) => {
    await plan([{ operation: 'token', kind }]);
    const ask = () => fetch(`${rig.url}/token`, { method: 'POST', body: tokenForm() });
    expect((await ask()).status).toBe(status);
    expect((await ask()).status).toBe(200);
  });

  it.each([{ rules: [{ kind: 'flood' }] }, { rules: [{ kind: 'throttle', often: 1 }] }, { rules: [{ kind: 'throttle', probability: 2 }] }])(
    'is refused when it cannot be understood: %j',
    async (body) => {
      expect(await rig.admin('PUT', '/faults', body)).toMatchObject({ status: 400, body: { error: expect.stringContaining('rules[0]') } });
    },
  );

  it('leaves calls without access alone, and a limit of calls a second throttles without a plan', async () => {
    const orderId = await rig.newOrder();
    await plan([{ kind: 'conflict' }]);
    expect(firstError(await rig.graphql(READ, { oid: { orderId } }, { authorization: 'Bearer guess' }))).toMatchObject({
      errorType: 'AccessDeniedError',
    });
    expect(await outcomes(orderId, 1)).toEqual(['ConflictError']);
    await rig.admin('PUT', '/switches', { callsPerSecond: 1 });
    expect(await outcomes(orderId, 1)).toEqual(['ThrottlingError']);
  });
});
