import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closedPort, type Loopback, reply, replyJson, startLoopback } from '../support/loopback.ts';
import { aWireOrder, calls, createApi, inTurn, ref, withTokens } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const order = replyJson(200, { data: { order: aWireOrder() } });
const denied = replyJson(200, { data: { order: null }, errors: [{ errorType: 'AccessDeniedError', message: 'no' }] });
const sentTokens = () => calls(server, '/graphql').map(({ headers }) => headers.authorization);

describe('the access token', () => {
  it('is asked for with client credentials, each value encoded', async () => {
    server.always(withTokens(order));
    await createApi(server).readOrder(ref);
    const [asked] = calls(server, '/token');
    expect(asked).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(asked?.body).toBe('grant_type=client_credentials&client_id=client&client_secret=s%26cret%3D');
  });

  it('is fetched once for calls at the same time, and kept for later ones', async () => {
    server.always(withTokens(order));
    const api = createApi(server);
    await Promise.all([api.readOrder(ref), api.readOrder(ref), api.readOrder(ref)]);
    await api.readOrder(ref);
    expect(calls(server, '/token')).toHaveLength(1);
    expect(sentTokens()).toEqual(Array(4).fill('Bearer t-1'));
  });

  it('is renewed 60 seconds before it ends', async () => {
    let nowMs = 5_000;
    server.always(withTokens(order));
    const api = createApi(server, { now: () => nowMs });
    await api.readOrder(ref);
    nowMs += 839_999;
    await api.readOrder(ref);
    nowMs += 1;
    await api.readOrder(ref);
    expect(sentTokens()).toEqual(['Bearer t-1', 'Bearer t-1', 'Bearer t-2']);
  });

  it('of a life under two minutes is used for half of it', async () => {
    let nowMs = 0;
    server.always(withTokens(order, { expiresIn: '30' }));
    const api = createApi(server, { now: () => nowMs });
    await api.readOrder(ref);
    nowMs = 14_999;
    await api.readOrder(ref);
    nowMs = 15_000;
    await api.readOrder(ref);
    expect(sentTokens()).toEqual(['Bearer t-1', 'Bearer t-1', 'Bearer t-2']);
  });

  it('that was held before and is denied is dropped: unavailable now, a new one with the next attempt', async () => {
    server.always(withTokens(inTurn(order, denied, order)));
    const api = createApi(server);
    await api.readOrder(ref);
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable', code: 'AccessDeniedError' });
    await expect(api.readOrder(ref)).resolves.toMatchObject({ id: 'ORD-1' });
    expect(sentTokens()).toEqual(['Bearer t-1', 'Bearer t-1', 'Bearer t-2']);
  });

  it('that is new and denied is a refusal, and the next attempt has a new one again', async () => {
    server.always(withTokens(denied));
    const api = createApi(server);
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'refused', code: 'AccessDeniedError' });
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'refused', code: 'AccessDeniedError' });
    expect(sentTokens()).toEqual(['Bearer t-1', 'Bearer t-2']);
  });

  it.each([401, 403])('is denied by HTTP %d too', async (status) => {
    server.always(withTokens(inTurn(order, reply(status, '<html>'))));
    const api = createApi(server);
    await api.readOrder(ref);
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable', code: `HTTP_${status}` });
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'refused', code: `HTTP_${status}` });
  });

  it('that a slower call sees denied is not dropped when a newer one is held', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = async (...args: Parameters<typeof denied>) => {
      await held;
      return denied(...args);
    };
    server.always(withTokens(inTurn(order, slow, denied, order, order)));
    const api = createApi(server);
    await api.readOrder(ref);
    const slowCall = expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(untilArrived(2).then(() => api.readOrder(ref))).rejects.toMatchObject({ kind: 'unavailable' });
    await api.readOrder(ref);
    release();
    await slowCall;
    await api.readOrder(ref);
    expect(sentTokens()).toEqual(['Bearer t-1', 'Bearer t-1', 'Bearer t-1', 'Bearer t-2', 'Bearer t-2']);
  });

  it.each([
    {
      rule: 'refused: the credentials are wrong',
      answer: replyJson(401, { error: 'invalid_client' }),
      fails: { kind: 'refused', code: 'invalid_client' },
    },
    {
      rule: 'throttled: too many were fetched',
      answer: replyJson(429, { error: 'slow_down' }, { 'retry-after': '3' }),
      fails: { kind: 'throttled', code: 'slow_down', retryAfterMs: 3_000 },
    },
    { rule: 'unavailable: the endpoint fails', answer: reply(503, 'down'), fails: { kind: 'unavailable', code: 'HTTP_503' } },
    { rule: 'unavailable: its answer is no JSON', answer: reply(200, 'hello'), fails: { kind: 'unavailable', code: 'UNREADABLE_TOKEN' } },
    {
      rule: 'unavailable: its answer has no token',
      answer: replyJson(200, { expires_in: 900 }),
      fails: { kind: 'unavailable', code: 'UNREADABLE_TOKEN' },
    },
  ])('may not be had: $rule', async ({ answer, fails }) => {
    server.always(answer);
    await expect(createApi(server).readOrder(ref)).rejects.toMatchObject(fails);
    expect(calls(server, '/graphql')).toHaveLength(0);
  });

  it('is asked for again after a failure', async () => {
    server.next(reply(503, 'down'));
    server.always(withTokens(order));
    const api = createApi(server);
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(api.readOrder(ref)).resolves.toMatchObject({ id: 'ORD-1' });
  });

  it('whose endpoint cannot be reached is unavailable', async () => {
    const tokenUrl = `http://127.0.0.1:${await closedPort()}/token`;
    await expect(createApi(server, { tokenUrl }).readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });

  it('is still fetched for the others when one caller gives up', async () => {
    const caller = new AbortController();
    server.next((response, received) => {
      caller.abort();
      return replyJson(200, { access_token: 't-1', expires_in: 900 })(response, received);
    });
    server.always(withTokens(order));
    const api = createApi(server);
    const given = expect(api.readOrder(ref, caller.signal)).rejects.toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
    await expect(api.readOrder(ref)).resolves.toMatchObject({ id: 'ORD-1' });
    await given;
    expect(calls(server, '/token')).toHaveLength(1);
  });

  it('never shows in an error, nor does the client secret', async () => {
    server.always(withTokens(reply(500, 'oops')));
    const error = await createApi(server)
      .readOrder(ref)
      .catch((caught: unknown) => caught);
    expect(`${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`).not.toMatch(/t-1|cret/);
  });
});

/** Until the server has seen this many GraphQL calls. */
async function untilArrived(count: number): Promise<void> {
  while (calls(server, '/graphql').length < count) await new Promise((resolve) => setImmediate(resolve));
}
