import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exchange, failureOfStatus, type HttpRequest } from '../../src/clients/http-call.ts';
import type { Effect } from '../../src/clients/wire-error.ts';
import { closedPort, cutShort, type Loopback, reply, reset, silence, startLoopback } from './support/loopback.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const request = (over: Partial<HttpRequest> = {}): HttpRequest => ({
  what: 'pay refund 1',
  effect: 'write',
  url: server.url,
  method: 'PUT',
  headers: {},
  body: '{}',
  timeLimitMs: 5_000,
  ...over,
});
const effects: { effect: Effect; lost: string; misfit: string }[] = [
  { effect: 'read', lost: 'unavailable', misfit: 'unreadable' },
  { effect: 'write', lost: 'unknown', misfit: 'unknown' },
];

describe('an exchange', () => {
  it('gives every answer back, errors and redirects too, after one attempt', async () => {
    for (const status of [200, 204, 302, 404, 429, 503]) {
      server.next(reply(status, status === 204 ? '' : 'text', { location: '/elsewhere', etag: '"1"' }));
      const answer = await exchange(request());
      expect({ status: answer.status, etag: answer.headers.get('etag'), text: answer.text }).toEqual({
        status,
        etag: '"1"',
        text: status === 204 ? '' : 'text',
      });
    }
    expect(server.received).toHaveLength(6);
  });

  it.each(effects)('that gets no answer in time leaves a $effect $lost', async ({ effect, lost }) => {
    server.always(silence);
    await expect(exchange(request({ effect, timeLimitMs: 50 }))).rejects.toMatchObject({ kind: lost, code: 'TIMED_OUT' });
  });

  it.each(effects)('whose answer never ends leaves a $effect $lost', async ({ effect, lost }) => {
    server.always((response) => response.writeHead(200).write('{'));
    await expect(exchange(request({ effect, timeLimitMs: 50 }))).rejects.toMatchObject({ kind: lost, code: 'TIMED_OUT' });
  });

  it.each(effects)('whose connection is reset leaves a $effect $lost', async ({ effect, lost }) => {
    server.always(reset);
    await expect(exchange(request({ effect }))).rejects.toMatchObject({ kind: lost, code: expect.any(String) });
    expect(server.received).toHaveLength(1);
  });

  it.each(effects)('whose answer is cut short leaves a $effect $lost', async ({ effect, lost }) => {
    server.always(cutShort);
    await expect(exchange(request({ effect }))).rejects.toMatchObject({ kind: lost });
  });

  it.each(effects)('that the caller gives up leaves a $effect $lost', async ({ effect, lost }) => {
    const caller = new AbortController();
    server.always(() => caller.abort());
    await expect(exchange(request({ effect, signal: caller.signal }))).rejects.toMatchObject({ kind: lost, code: 'ABORTED' });
  });

  it('that the caller gave up before is never sent', async () => {
    await expect(exchange(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
    expect(server.received).toHaveLength(0);
  });

  it.each(['€', 'a\nb'])('whose headers cannot carry %j is refused, and does not show it', async (secret) => {
    const error = await exchange(request({ headers: { authorization: `Bearer ${secret}` } })).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'refused', code: 'UNSENDABLE_HEADER' });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).not.toContain(secret);
    expect(server.received).toHaveLength(0);
  });

  it('that cannot connect has not happened, a write neither', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await expect(exchange(request({ url }))).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });

  it('that cannot connect to any address of a name has not happened', async () => {
    const url = `http://localhost:${await closedPort()}`;
    await expect(exchange(request({ url }))).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });

  it('with a name that nobody knows has not happened', async () => {
    await expect(exchange(request({ url: 'http://oms.invalid' }))).rejects.toMatchObject({
      kind: 'unavailable',
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it.each(effects)('with an answer of more than 8 MiB leaves a $effect $misfit', async ({ effect, misfit }) => {
    server.always(reply(200, Buffer.alloc(8 * 1024 * 1024 + 1, ' ')));
    await expect(exchange(request({ effect }))).rejects.toMatchObject({ kind: misfit, code: 'ANSWER_TOO_LONG' });
  });

  it.each(effects)('with an answer that is not UTF-8 leaves a $effect $misfit', async ({ effect, misfit }) => {
    server.always(reply(200, Buffer.from([0x22, 0xff, 0x22])));
    await expect(exchange(request({ effect }))).rejects.toMatchObject({ kind: misfit, code: 'ANSWER_NOT_UTF8' });
  });

  it('says what it was about and why it failed', async () => {
    server.always(silence);
    await expect(exchange(request({ timeLimitMs: 50 }))).rejects.toThrow('pay refund 1: no answer within 50 ms');
  });
});

describe('a status without a better explanation', () => {
  it.each([
    [429, 'throttled', 'throttled'],
    [400, 'refused', 'refused'],
    [404, 'refused', 'refused'],
    [408, 'unavailable', 'unknown'],
    [500, 'unavailable', 'unknown'],
    [503, 'unavailable', 'unknown'],
    [302, 'unreadable', 'unknown'],
    [204, 'unreadable', 'unknown'],
  ])('%d makes a read %s and a write %s', (status, read, write) => {
    const answer = { status, headers: new Headers({ 'retry-after': '2' }) };
    for (const [effect, kind] of [
      ['read', read],
      ['write', write],
    ] as const) {
      expect(failureOfStatus(answer, { what: 'call', effect })).toMatchObject({ kind, code: `HTTP_${status}`, retryAfterMs: 2_000 });
    }
  });
});
