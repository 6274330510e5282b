import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { businessProductId } from '../../../src/domain/ids.ts';
import { type Loopback, reply, replyJson, reset, silence, startLoopback } from '../support/loopback.ts';
import { anUpdate, aWireOrder, calls, createApi, inTurn, ref, rf1, withTokens } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const failing = (error: unknown, data: unknown = null) => replyJson(200, { data, errors: [error] });
const read = () => createApi(server).readOrder(ref);
const update = () => createApi(server).updateRefund(ref, rf1, anUpdate());

describe('an error of Buy with Prime', () => {
  it.each([
    ['ThrottlingError', 'throttled', 'throttled'],
    ['InternalServerError', 'unavailable', 'unknown'],
    ['ConflictError', 'unavailable', 'unknown'],
    ['ConflictException', 'unavailable', 'unknown'],
    ['AccessDeniedError', 'refused', 'refused'],
    ['ResourceNotFoundError', 'refused', 'refused'],
    ['ValidationError', 'refused', 'refused'],
    ['SomethingNewError', 'refused', 'refused'],
  ])('%s makes a read %s and an update %s', async (errorType, readKind, updateKind) => {
    server.always(withTokens(failing({ errorType, message: 'no' })));
    await expect(read()).rejects.toMatchObject({ kind: readKind, code: errorType });
    await expect(update()).rejects.toMatchObject({ kind: updateKind, code: errorType });
    expect(calls(server, '/graphql')).toHaveLength(2);
  });

  it('without a type is a malformed request: refused', async () => {
    server.always(withTokens(failing({ message: 'Unknown argument "x"' })));
    await expect(read()).rejects.toMatchObject({ kind: 'refused', code: null });
    await expect(read()).rejects.toThrow('read order ORD-1 at Buy with Prime: Unknown argument "x"');
  });

  it.each([
    ['at top level', { errorCode: 'InvalidRefundStateTransition' }],
    ['in errorInfo', { errorInfo: { errorCode: 'InvalidRefundStateTransition' } }],
    ['in extensions', { extensions: { errorCode: 'InvalidRefundStateTransition' } }],
    ['at top level before all others', { errorCode: 'InvalidRefundStateTransition', errorInfo: { errorCode: 'X' }, extensions: { errorCode: 'Y' } }],
    ['in extensions beside an errorInfo that is no object', { errorInfo: 'none', extensions: { errorCode: 'InvalidRefundStateTransition' } }],
  ])('has its code %s', async (_place, place) => {
    server.always(withTokens(failing({ errorType: 'ValidationError', path: ['updateOrder'], message: 'no', ...place })));
    await expect(update()).rejects.toMatchObject({ kind: 'refused', code: 'InvalidRefundStateTransition' });
  });

  it.each([
    ['null', [null]],
    ['a text', ['boom']],
    ['an object in the place of the list', { errorType: 'ValidationError', message: 'no' }],
  ])('may be %s', async (_shape, errors) => {
    server.always(withTokens(replyJson(200, { data: null, errors })));
    await expect(update()).rejects.toMatchObject({ kind: 'refused' });
  });

  it('counts whatever data comes with it', async () => {
    server.always(withTokens(failing({ errorType: 'InternalServerError', path: ['order', 'refunds'], message: 'no' }, { order: aWireOrder([]) })));
    await expect(read()).rejects.toMatchObject({ kind: 'unavailable', code: 'InternalServerError' });
  });

  it.each([
    ['the path is below the mutation', failing({ errorType: 'ThrottlingError', path: ['updateOrder', 'order', 'refunds'], message: 'slow down' })],
    ['the mutation shows data', failing({ errorType: 'ThrottlingError', message: 'slow down' }, { updateOrder: { order: null } })],
    ['reading back was denied', failing({ errorType: 'AccessDeniedError', path: ['updateOrder', 'order'], message: 'no' })],
  ])('leaves an update unknown when %s', async (_sign, answer) => {
    server.always(withTokens(answer));
    await expect(update()).rejects.toMatchObject({ kind: 'unknown' });
  });

  it('leaves an update unknown when one of several errors does', async () => {
    const errors = [{ errorType: 'ValidationError' }, { errorType: 'ThrottlingError' }, { errorType: 'InternalServerError' }];
    server.always(withTokens(replyJson(200, { data: null, errors })));
    await expect(update()).rejects.toMatchObject({ kind: 'unknown', code: 'InternalServerError' });
  });

  it('brings advice when to retry', async () => {
    server.always(withTokens(replyJson(200, { data: null, errors: [{ errorType: 'ThrottlingError' }] }, { 'retry-after': '4' })));
    await expect(update()).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 4_000 });
  });

  it('drops a token that was denied below the mutation', async () => {
    const denied = failing({ errorType: 'AccessDeniedError', path: ['updateOrder', 'order'], message: 'no' });
    server.always(withTokens(inTurn(denied, replyJson(200, { data: { order: aWireOrder() } }))));
    const api = createApi(server);
    await expect(api.updateRefund(ref, rf1, anUpdate())).rejects.toMatchObject({ kind: 'unknown' });
    await api.readOrder(ref);
    expect(calls(server, '/graphql').map(({ headers }) => headers.authorization)).toEqual(['Bearer t-1', 'Bearer t-2']);
  });
});

describe('a business product that no header can carry', () => {
  it('is refused unsent', async () => {
    server.always(withTokens(reply(500, '')));
    const reading = createApi(server).readOrder({ ...ref, businessProductId: businessProductId('bp-€') });
    await expect(reading).rejects.toMatchObject({ kind: 'refused', code: 'UNSENDABLE_HEADER' });
    expect(calls(server, '/graphql')).toHaveLength(0);
  });
});

describe('an HTTP failure of Buy with Prime', () => {
  it.each([
    [429, 'throttled', 'throttled'],
    [500, 'unavailable', 'unknown'],
    [502, 'unavailable', 'unknown'],
    [503, 'unavailable', 'unknown'],
    [400, 'refused', 'refused'],
    [302, 'unreadable', 'unknown'],
  ])('%d makes a read %s and an update %s', async (status, readKind, updateKind) => {
    server.always(withTokens(reply(status, '<html>', { 'retry-after': '2', 'content-type': 'text/html', location: '/' })));
    const failed = { code: `HTTP_${status}`, retryAfterMs: 2_000 };
    await expect(read()).rejects.toMatchObject({ kind: readKind, ...failed });
    await expect(update()).rejects.toMatchObject({ kind: updateKind, ...failed });
    expect(calls(server, '/graphql')).toHaveLength(2);
  });

  it('takes a date as advice when to retry', async () => {
    server.always(
      withTokens((response) => reply(429, '', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() })(response, undefined as never)),
    );
    const error = await read().catch((caught: { retryAfterMs: number }) => caught);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(25_000);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it.each([400, 500])('%d with a documented error in it is that error', async (status) => {
    const errors = [{ errorType: 'ValidationError', errorCode: 'InvalidRefundId', message: 'no' }];
    server.always(withTokens(replyJson(status, { data: null, errors })));
    await expect(update()).rejects.toMatchObject({ kind: 'refused', code: 'InvalidRefundId' });
  });

  it('500 with an error of no documented type is a 500', async () => {
    server.always(withTokens(replyJson(500, { errors: [{ message: 'Unexpected error.' }] })));
    await expect(update()).rejects.toMatchObject({ kind: 'unknown', code: 'HTTP_500' });
  });

  it.each([
    ['time-out', silence, 'TIMED_OUT'],
    ['reset', reset, expect.any(String)],
  ])('%s leaves a read unavailable and an update unknown', async (_name, answer, code) => {
    server.always(withTokens(answer));
    const api = createApi(server, answer === silence ? { timeLimitMs: 1_000 } : {});
    await expect(api.readOrder(ref)).rejects.toMatchObject({ kind: 'unavailable', code });
    await expect(api.updateRefund(ref, rf1, anUpdate())).rejects.toMatchObject({ kind: 'unknown', code });
  });

  it('by the caller giving up leaves an update unknown', async () => {
    const caller = new AbortController();
    server.always(withTokens(() => caller.abort()));
    await expect(createApi(server).updateRefund(ref, rf1, anUpdate(), caller.signal)).rejects.toMatchObject({ kind: 'unknown', code: 'ABORTED' });
  });
});
