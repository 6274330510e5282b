import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders, signingKey } from '../../../src/clients/notices/signature.ts';
import { createSignedPost } from '../../../src/clients/notices/signed-post.ts';
import { closedPort, cutShort, type Loopback, type Received, reply, reset, silence, startLoopback } from '../support/loopback.ts';

const SECRET = `whsec_${Buffer.from('a key of thirty-two bytes, truly').toString('base64')}`;
const message = { what: 'send notice n-1', id: 'n-1', body: '{"text":"10.00 € went back"}' };

/** What a receiver does, written from the specification alone. */
function isGenuine({ headers, body }: Received, secret: string, now = Date.now()): boolean {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
  if (Math.abs(now / 1000 - Number(timestamp)) > 300) return false;
  const hmac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  const expected = hmac.update(Buffer.from(`${id}.${timestamp}.${body}`)).digest();
  return (signatures ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const send = (over: { timeLimitMs?: number; url?: string } = {}): Promise<void> =>
  createSignedPost({ url: `${server.url}/hook`, secret: SECRET, ...over })(message, new AbortController().signal);

describe('a signed message', () => {
  it('arrives with a signature that the scheme’s own library and a receiver of our own accept', async () => {
    server.always(reply(204, ''));
    await send();
    const [received] = server.received as [Received];
    expect(received).toMatchObject({ method: 'POST', path: '/hook', body: message.body });
    expect(received.headers).toMatchObject({ 'webhook-id': 'n-1', 'content-type': 'application/json' });
    expect(isGenuine(received, SECRET)).toBe(true);
    expect(new Webhook(SECRET).verify(received.body, received.headers as Record<string, string>)).toEqual(JSON.parse(message.body));
  });

  it('is refused once a byte of it, its id or its time is another', async () => {
    server.always(reply(200, ''));
    await send();
    const [received] = server.received as [Received];
    const headers = received.headers;
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(isGenuine({ ...received, body: received.body.replace('10.00', '90.00') }, SECRET)).toBe(false);
    expect(isGenuine({ ...received, headers: { ...headers, 'webhook-id': 'n-2' } }, SECRET)).toBe(false);
    expect(isGenuine({ ...received, headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) } }, SECRET)).toBe(
      false,
    );
    expect(isGenuine(received, other)).toBe(false);
  });

  it('has the signature that the specification’s libraries give for a known message', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const headers = signatureHeaders(key, { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' }, 1614265330_000);
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    expect(headers['webhook-timestamp']).toBe('1614265330');
  });

  it.each([
    [429, 'throttled', 2000],
    [410, 'refused', null],
    [400, 'refused', null],
    [500, 'unavailable', null],
    [302, 'unreadable', null],
  ])('that is answered with %d was not taken (%s)', async (status, kind, retryAfterMs) => {
    server.always(reply(status, '', status === 429 ? { 'retry-after': '2' } : { location: '/elsewhere' }));
    await expect(send()).rejects.toMatchObject({ kind, code: `HTTP_${status}`, retryAfterMs });
    expect(server.received).toHaveLength(1);
  });

  it('is given up when the receiver is slow', async () => {
    server.always(silence);
    await expect(send({ timeLimitMs: 50 })).rejects.toMatchObject({ kind: 'unavailable', code: 'TIMED_OUT' });
  });

  it.each([
    ['reset', reset],
    ['cut short', cutShort],
  ])('whose answer is %s is worth another try', async (_, broken) => {
    server.always(broken);
    await expect(send()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('to nobody is worth another try', async () => {
    await expect(send({ url: `http://127.0.0.1:${await closedPort()}` })).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});

describe('a signing secret', () => {
  const of = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;

  it.each([24, 25, 26, 64])('holds %d bytes', (bytes) => {
    expect(signingKey(of(bytes))).toEqual(Buffer.alloc(bytes, 1));
  });

  it.each(['', 'hush', of(23), of(65), of(32).slice(6), `${of(32)}\n`, `${of(32)}!`])('is not %j, which is not shown', (secret) => {
    expect(() => signingKey(secret)).toThrow('signing secret: expected whsec_ and the base64 of 24 to 64 bytes');
  });
});
