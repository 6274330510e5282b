import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OmsApi } from '../../../src/clients/oms/oms-api.ts';
import { refundId } from '../../../src/domain/ids.ts';
import { closedPort, cutShort, type Loopback, reply, replyJson, reset, silence, startLoopback } from '../support/loopback.ts';
import { aPayment, aWireEntry, createApi, key, order1 } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const record = { refundId: refundId('rf-1'), total: { minor: 400, currency: 'USD' }, lines: [], state: 'PARTIAL', createdAt: null } as const;
const reads: { name: string; call: (oms: OmsApi, signal?: AbortSignal) => Promise<unknown> }[] = [
  { name: 'readOrder', call: (oms, signal) => oms.readOrder(order1, signal) },
  { name: 'readLedger', call: (oms, signal) => oms.readLedger(order1, signal) },
  { name: 'readRefund', call: (oms, signal) => oms.readRefund(order1, key, signal) },
  { name: 'capabilities', call: (oms, signal) => oms.capabilities(signal) },
];
const writes: typeof reads = [
  { name: 'createRefund', call: (oms, signal) => oms.createRefund(order1, aPayment(), '17', signal) },
  { name: 'voidRefund', call: (oms, signal) => oms.voidRefund(order1, key, signal) },
  { name: 'recordRefund', call: (oms, signal) => oms.recordRefund(order1, record, signal) },
];
const error = (status: number, code: string, headers = {}) =>
  replyJson(status, { error: { code, message: 'because', field: 'lines[0].amount' } }, headers);

describe.each(reads)('$name', ({ call }) => {
  it.each([
    ['a 503', error(503, 'UNAVAILABLE'), 'unavailable', 'UNAVAILABLE'],
    ['a 502 of a gateway', reply(502, '<html>'), 'unavailable', 'HTTP_502'],
    ['a 429', error(429, 'THROTTLED'), 'throttled', 'THROTTLED'],
    ['a 401', error(401, 'UNAUTHORIZED'), 'refused', 'UNAUTHORIZED'],
    ['a 404 of a gateway', reply(404, '<html>'), 'refused', 'HTTP_404'],
    ['a redirect', reply(302, '', { location: '/' }), 'unreadable', 'HTTP_302'],
    ['an answer without content', reply(204, ''), 'unreadable', 'HTTP_204'],
    ['an empty answer', reply(200, ''), 'unreadable', 'UNREADABLE_ANSWER'],
    ['an answer in HTML', reply(200, '<html>'), 'unreadable', 'UNREADABLE_ANSWER'],
    ['an answer of another shape', replyJson(200, { entries: 'many' }), 'unreadable', 'UNREADABLE_ANSWER'],
    ['null', reply(200, 'null'), 'unreadable', 'UNREADABLE_ANSWER'],
    ['a time-out', silence, 'unavailable', 'TIMED_OUT'],
    ['a reset', reset, 'unavailable', expect.any(String)],
    ['half an answer', cutShort, 'unavailable', expect.any(String)],
  ])('on %s fails after one attempt', async (_name, answer, kind, code) => {
    server.always(answer);
    await expect(call(createApi(server, answer === silence ? { timeLimitMs: 100 } : {}))).rejects.toMatchObject({ name: 'WireError', kind, code });
    expect(server.received).toHaveLength(1);
  });
});

describe.each(writes)('$name', ({ call }) => {
  it.each([
    ['a 503', error(503, 'UNAVAILABLE'), 'unknown', 'UNAVAILABLE'],
    ['a 502 of a gateway', reply(502, '<html>'), 'unknown', 'HTTP_502'],
    ['a 429', error(429, 'THROTTLED'), 'throttled', 'THROTTLED'],
    ['a 429 of a gateway', reply(429, '<html>'), 'throttled', 'HTTP_429'],
    ['a 400', error(400, 'INVALID_REQUEST'), 'refused', 'INVALID_REQUEST'],
    ['a 401', error(401, 'UNAUTHORIZED'), 'refused', 'UNAUTHORIZED'],
    ['a 404', error(404, 'ORDER_NOT_FOUND'), 'refused', 'ORDER_NOT_FOUND'],
    ['a 428', error(428, 'PRECONDITION_REQUIRED'), 'refused', 'PRECONDITION_REQUIRED'],
    ['a 403 of a gateway', reply(403, '<html>'), 'unknown', 'HTTP_403'],
    ['a 412 of a gateway', reply(412, ''), 'unknown', 'HTTP_412'],
    ['a 422 of something else', replyJson(422, { detail: 'no' }), 'unknown', 'HTTP_422'],
    ['a redirect', reply(307, '', { location: '/' }), 'unknown', 'HTTP_307'],
    ['an answer without content', reply(204, ''), 'unknown', 'HTTP_204'],
    ['an empty answer', reply(200, ''), 'unknown', 'UNREADABLE_ANSWER'],
    ['an answer in HTML', reply(200, '<html>'), 'unknown', 'UNREADABLE_ANSWER'],
    ['an answer of another shape', replyJson(200, aWireEntry({ total: '10.005' })), 'unknown', 'UNREADABLE_ANSWER'],
    ['the entry of another key', replyJson(200, aWireEntry({ key: 'other' })), 'unknown', 'UNREADABLE_ANSWER'],
    ['a time-out', silence, 'unknown', 'TIMED_OUT'],
    ['a reset', reset, 'unknown', expect.any(String)],
    ['half an answer', cutShort, 'unknown', expect.any(String)],
  ])('on %s fails after one attempt', async (_name, answer, kind, code) => {
    server.always(answer);
    await expect(call(createApi(server, answer === silence ? { timeLimitMs: 100 } : {}))).rejects.toMatchObject({ name: 'WireError', kind, code });
    expect(server.received).toHaveLength(1);
  });

  it('that the caller gives up is unknown', async () => {
    const caller = new AbortController();
    server.always(() => caller.abort());
    await expect(call(createApi(server), caller.signal)).rejects.toMatchObject({ kind: 'unknown', code: 'ABORTED' });
  });

  it('that cannot connect has not happened', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await expect(call(createApi(server, { url }))).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
  });
});

describe('the money call', () => {
  const pay = () => createApi(server).createRefund(order1, aPayment(), '17');

  it.each([
    ['declined', 422, 'DECLINED'],
    ['of a key reused', 409, 'KEY_REUSED'],
    ['of a key voided', 409, 'KEY_VOIDED'],
  ])('%s without the entry is unknown', async (_name, status, code) => {
    server.always(error(status, code));
    await expect(pay()).rejects.toMatchObject({ kind: 'unknown', code: 'UNREADABLE_ANSWER' });
  });

  it('that is refused says which field and why', async () => {
    server.always(error(400, 'INVALID_REQUEST'));
    await expect(pay()).rejects.toThrow(`pay refund ${key} at the OMS: HTTP 400, INVALID_REQUEST at lines[0].amount because`);
  });

  it('that is throttled brings advice when to retry', async () => {
    server.always(error(429, 'THROTTLED', { 'retry-after': '7' }));
    await expect(pay()).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
  });

  it('that cannot be read says where', async () => {
    server.always(replyJson(201, aWireEntry({ lines: [{ lineId: 'line-1', units: 1, amount: '10.005', components: null }] })));
    await expect(pay()).rejects.toThrow('lines[0].amount: amount: USD has 2 decimals, got "10.005"');
  });
});
