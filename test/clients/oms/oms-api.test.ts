import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderId, type RefundKey, refundId } from '../../../src/domain/ids.ts';
import { type Loopback, reply, replyJson, startLoopback } from '../support/loopback.ts';
import { aPayment, aWireEntry, aWireOrder, createApi, key, order1, orderPath, refundPath, theEntry } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const refusal = (status: number, code: string, more: Record<string, unknown> = {}) =>
  replyJson(status, { error: { code, message: 'because', ...more }, ...('entry' in more && { entry: more['entry'] }) });
const sentBody = () => JSON.parse(server.received[0]?.body ?? 'null');
const pay = () => createApi(server).createRefund(order1, aPayment(), '17');

describe('a captured order', () => {
  it('ends in the order of the domain', async () => {
    server.always(replyJson(200, aWireOrder()));
    await expect(createApi(server).readOrder(order1)).resolves.toEqual({
      id: order1,
      currency: 'USD',
      pricesIncludeTax: false,
      lines: [
        {
          id: 'line-1',
          aliases: ['sku-1'],
          quantity: 2,
          unitPrice: 1000,
          discount: 100,
          tax: 190,
          delivery: { charge: 500, discount: 500, tax: 0 },
        },
      ],
      discount: 0,
      delivery: { charge: 0, discount: 0, tax: 0 },
      total: 2090,
      payments: [{ id: 'pay-1', methodDisplay: 'Visa ending in 1234', methodType: 'AMAZON_PAY', captured: 2090 }],
      updatedAt: '2025-03-02T00:00:00Z',
    });
    expect(server.received).toMatchObject([{ method: 'GET', path: orderPath }]);
  });

  it.each([
    ['JPY', '1000', 1000],
    ['JPY', 1000, 1000],
    ['KWD', '1.234', 1234],
    ['USD', '10', 1000],
    ['USD', 10.5, 1050],
  ])('in %s has a discount of %j', async (currencyCode, discount, minor) => {
    const whole = { charge: '0', discount: '0', tax: '0' };
    server.always(replyJson(200, aWireOrder({ currencyCode, discount, lines: [], delivery: whole, total: '0', payments: [] })));
    await expect(createApi(server).readOrder(order1)).resolves.toMatchObject({ currency: currencyCode, discount: minor });
  });

  it('is nothing when the OMS does not know it', async () => {
    server.always(refusal(404, 'ORDER_NOT_FOUND'));
    await expect(createApi(server).readOrder(order1)).resolves.toBeNull();
    await expect(createApi(server).readLedger(order1)).resolves.toBeNull();
  });

  it('may be known there under an id of its own, if it has ours as an alias', async () => {
    server.always(replyJson(200, aWireOrder({ id: 'oms-77', aliases: [order1] })));
    await expect(createApi(server).readOrder(order1)).resolves.toMatchObject({ id: 'oms-77' });
  });

  it.each([
    { drift: 'another order', order: { id: 'ORD-2' }, path: 'id' },
    { drift: 'a currency that is none', order: { currencyCode: 'ZZZ' }, path: 'currencyCode' },
    { drift: 'too many decimals', order: { total: '10.005' }, path: 'total' },
    { drift: 'a negative amount', order: { discount: '-1.00' }, path: 'discount' },
    { drift: 'no payments', order: { payments: undefined }, path: 'payments' },
    { drift: 'half a unit', order: { lines: [{ ...aWireOrder().lines[0], quantity: 1.5 }] }, path: 'lines[0].quantity' },
    {
      drift: 'a price with too many decimals',
      order: { lines: [{ ...aWireOrder().lines[0], unitPrice: '1.001' }] },
      path: 'lines[0].unitPrice',
    },
  ])('is unreadable with $drift, and says where', async ({ order, path }) => {
    server.always(replyJson(200, aWireOrder(order)));
    const reading = createApi(server).readOrder(order1);
    await expect(reading).rejects.toMatchObject({ kind: 'unreadable', code: 'UNREADABLE_ANSWER' });
    await expect(reading).rejects.toThrow(`read order ORD#1/a at the OMS: ${path}: `);
  });
});

describe('the ledger', () => {
  it('has the entries of all sources and the version of the ETag', async () => {
    const entries = [
      aWireEntry(),
      aWireEntry({
        key: 'ext-1',
        source: 'EXTERNAL',
        bwpRefundId: null,
        externalId: 'e-1',
        state: 'PENDING',
        paid: '0.00',
        lines: [],
        payments: undefined,
        payouts: [],
      }),
      aWireEntry({
        key: 'f-1',
        state: 'FAILED',
        endedAt: '2025-03-05T00:00:00Z',
        failure: { code: 'CARD_CLOSED', message: 'the card is closed' },
        lines: [{ lineId: 'line-1', units: null, amount: '10.00', components: null }],
      }),
    ];
    server.always(replyJson(200, { orderId: order1, version: '18', entries }, { etag: '"18"' }));
    await expect(createApi(server).readLedger(order1)).resolves.toEqual({
      version: '18',
      entries: [
        theEntry,
        {
          ...theEntry,
          key: 'ext-1',
          source: 'EXTERNAL',
          bwpRefundId: null,
          externalId: 'e-1',
          state: 'PENDING',
          paid: 0,
          lines: [],
          payments: [],
          payouts: [],
        },
        {
          ...theEntry,
          key: 'f-1',
          state: 'FAILED',
          endedAt: '2025-03-05T00:00:00Z',
          failure: { code: 'CARD_CLOSED', message: 'the card is closed' },
          lines: [{ lineId: 'line-1', units: null, amount: 1000, components: null }],
        },
      ],
    });
    expect(server.received).toMatchObject([{ method: 'GET', path: `${orderPath}/refunds` }]);
  });

  it('keeps a component of zero apart from one that is absent', async () => {
    const lines = [{ lineId: 'line-1', units: 1, amount: '8.00', components: { item: '9.00', tax: '0.00', fee: '-1.00', adjustment: null } }];
    server.always(replyJson(200, { version: '1', entries: [aWireEntry({ lines })] }));
    const ledger = await createApi(server).readLedger(order1);
    expect(ledger?.entries[0]?.lines[0]?.components).toStrictEqual({ item: 900, tax: 0, fee: -100 });
  });

  it.each([
    ['a weak ETag', { etag: 'W/"18"' }, { version: '18' }],
    ['the body where something dropped the ETag', {}, { version: '18' }],
    ['the ETag where the body has none', { etag: '"18"' }, {}],
  ])('has its version from %s', async (_source, headers, body) => {
    server.always(replyJson(200, { entries: [], ...body }, headers as Record<string, string>));
    await expect(createApi(server).readLedger(order1)).resolves.toEqual({ version: '18', entries: [] });
  });

  it('without a version has what is refunded in its place, where the OMS says that it keeps none', async () => {
    const versionOf = async (...entries: object[]): Promise<string | undefined> => {
      server.always(replyJson(200, { entries }));
      return (await createApi(server).readLedger(order1, undefined, false))?.version;
    };
    const [one, other, voided] = [aWireEntry(), aWireEntry({ key: 'k-2' }), aWireEntry({ key: 'k-3', state: 'VOIDED', paid: '0.00', payouts: [] })];
    expect(await versionOf(one)).toMatch(/^refunded-[0-9a-f]{32}$/);
    expect(await versionOf(one, voided)).toBe(await versionOf(one));
    expect(await versionOf(one, other)).toBe(await versionOf(other, one));
    const all = [await versionOf(), await versionOf(one), await versionOf(other), await versionOf(one, other)]; // one and other are of one amount
    expect(new Set(all).size).toBe(all.length);
    const entries = [one];
    server.always(replyJson(200, { entries }, { etag: '"18"' }));
    await expect(createApi(server).readLedger(order1, undefined, false)).resolves.toMatchObject({ version: '18' });
  });

  it.each([
    ['no version at all', {}, {}],
    ['two versions', { etag: '"18"' }, { version: '17' }],
    ['a state that nobody knew', { etag: '"18"' }, { entries: [aWireEntry({ state: 'ODD' })] }],
    ['no payouts', { etag: '"18"' }, { entries: [aWireEntry({ payouts: undefined })] }],
  ])('is unreadable with %s', async (_drift, headers, body) => {
    server.always(replyJson(200, { entries: [], ...body }, headers as Record<string, string>));
    await expect(createApi(server).readLedger(order1)).rejects.toMatchObject({ kind: 'unreadable' });
  });
});

describe('the money call', () => {
  it('carries key, version, amounts as decimal text, and only the components that are refunded', async () => {
    server.always(replyJson(201, aWireEntry()));
    await createApi(server, { token: 'secret' }).createRefund(order1, aPayment(), '17');
    expect(server.received).toMatchObject([
      { method: 'PUT', path: refundPath, headers: { 'if-match': '"17"', authorization: 'Bearer secret', 'content-type': 'application/json' } },
    ]);
    expect(sentBody()).toEqual({
      bwpRefundId: 'rf-1',
      currencyCode: 'USD',
      total: '10.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '9.00', tax: '1.00' } }],
      payments: [{ paymentId: 'pay-1', amount: '10.00' }],
      reason: 'RETURN_RECEIVED',
    });
  });

  it.each([
    ['JPY', 1000, '1000'],
    ['KWD', 1234, '1.234'],
    ['USD', 9007199254740991, '90071992547409.91'],
  ])('in %s asks for %d as %s', async (currency, total, text) => {
    server.always(replyJson(201, aWireEntry()));
    await createApi(server).createRefund(order1, aPayment({ currency, total, lines: [], payments: [{ paymentId: 'pay-1', amount: total }] }), '17');
    expect(sentBody()).toMatchObject({ total: text, payments: [{ amount: text }] });
  });

  it.each([
    [201, 'SUCCEEDED'],
    [202, 'PENDING'],
    [202, 'PARTIAL'],
    [200, 'SUCCEEDED'],
    [200, 'FAILED'],
  ])('answered %d %s gives the entry', async (status, state) => {
    server.always(replyJson(status, aWireEntry({ state }), { etag: '"18"' }));
    await expect(pay()).resolves.toEqual({ kind: 'entry', entry: { ...theEntry, state } });
  });

  it('that is declined gives the entry that was stored as FAILED', async () => {
    const entry = aWireEntry({ state: 'FAILED', paid: '0.00', payouts: [], failure: { code: 'EXCEEDS_CAPTURED', message: 'too much' } });
    server.always(refusal(422, 'DECLINED', { reason: 'EXCEEDS_CAPTURED', entry }));
    await expect(pay()).resolves.toMatchObject({ kind: 'declined', entry: { state: 'FAILED', failure: { code: 'EXCEEDS_CAPTURED' } } });
  });

  it('on a stale version gives that nothing was stored', async () => {
    server.always(replyJson(412, { error: { code: 'STALE_LEDGER', message: 'changed' }, version: '18' }));
    await expect(pay()).resolves.toEqual({ kind: 'stale_ledger' });
  });

  it.each([
    ['KEY_REUSED', 'key_reused', 'SUCCEEDED'],
    ['KEY_VOIDED', 'key_voided', 'VOIDED'],
  ])('answered %s gives the entry that stands', async (code, kind, state) => {
    server.always(refusal(409, code, { entry: aWireEntry({ state }) }));
    await expect(pay()).resolves.toMatchObject({ kind, entry: { key, state } });
  });
});

describe('a look-up by key', () => {
  it('gives the entry', async () => {
    server.always(replyJson(200, aWireEntry(), { etag: '"18"' }));
    await expect(createApi(server).readRefund(order1, key)).resolves.toEqual(theEntry);
    expect(server.received).toMatchObject([{ method: 'GET', path: refundPath }]);
  });

  it('gives nothing when the key is not known', async () => {
    server.always(refusal(404, 'REFUND_NOT_FOUND'));
    await expect(createApi(server).readRefund(order1, key)).resolves.toBeNull();
  });

  it.each([
    ['in words that are not the contract’s', reply(404, '<html>'), 'HTTP_404'],
    ['for a path that is not there', refusal(404, 'NOT_FOUND'), 'NOT_FOUND'],
    ['for want of the order', refusal(404, 'ORDER_NOT_FOUND'), 'ORDER_NOT_FOUND'],
  ])('does not take a 404 %s for a key that is not known', async (_source, answer, code) => {
    server.always(answer);
    await expect(createApi(server).readRefund(order1, key)).rejects.toMatchObject({ kind: 'refused', code });
  });

  it('that gives another key is unreadable', async () => {
    server.always(replyJson(200, aWireEntry({ key: 'other' })));
    await expect(createApi(server).readRefund(order1, key)).rejects.toMatchObject({ kind: 'unreadable' });
  });
});

describe('a void', () => {
  it.each([
    ['VOIDED', 'voided'],
    ['SUCCEEDED', 'closed'],
    ['FAILED', 'failed'],
  ])('that leaves the entry %s is %s', async (state, kind) => {
    server.always(replyJson(200, aWireEntry({ state })));
    await expect(createApi(server).voidRefund(order1, key)).resolves.toMatchObject({ kind, entry: { key, state } });
    expect(server.received).toMatchObject([{ method: 'DELETE', path: refundPath, body: '' }]);
  });

  it('of what has reached the shopper changes nothing', async () => {
    server.always(refusal(409, 'ALREADY_CREDITED', { entry: aWireEntry() }));
    await expect(createApi(server).voidRefund(order1, key)).resolves.toEqual({ kind: 'already_credited', entry: theEntry });
  });

  it('that leaves the entry open is unknown', async () => {
    server.always(replyJson(200, aWireEntry({ state: 'PENDING' })));
    await expect(createApi(server).voidRefund(order1, key)).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('a refund that Amazon made', () => {
  const record = {
    refundId: refundId('rf-1#RF'),
    total: { minor: 400, currency: 'USD' },
    lines: [],
    state: 'PARTIAL',
    createdAt: '2025-03-04T10:15:00Z',
  } as const;

  it.each([200, 201])('is recorded under its own id, answered %d', async (status) => {
    server.always(replyJson(status, aWireEntry({ key: 'recorded/rf-1#RF', source: 'AMAZON', state: 'PARTIAL', total: '4.00', payouts: [] })));
    await expect(createApi(server).recordRefund(order1, record)).resolves.toMatchObject({ source: 'AMAZON', total: 400 });
    expect(server.received).toMatchObject([{ method: 'PUT', path: `${orderPath}/recorded-refunds/rf-1%23RF` }]);
    expect(sentBody()).toEqual({ currencyCode: 'USD', total: '4.00', lines: [], state: 'PARTIAL', createdAt: '2025-03-04T10:15:00Z' });
  });

  it('is sent without a time when Buy with Prime shows none', async () => {
    server.always(replyJson(201, aWireEntry({ key: 'recorded/rf-1#RF' })));
    await createApi(server).recordRefund(order1, { ...record, createdAt: null });
    expect(sentBody()).not.toHaveProperty('createdAt');
  });

  it('that would shrink is refused', async () => {
    server.always(refusal(409, 'SMALLER_THAN_RECORDED'));
    await expect(createApi(server).recordRefund(order1, record)).rejects.toMatchObject({ kind: 'refused', code: 'SMALLER_THAN_RECORDED' });
  });
});

describe('the OMS', () => {
  it('declares what it can do', async () => {
    const declared = {
      idempotencyKey: { honoured: true, lifeSeconds: 31_536_000 },
      longestRequestSeconds: 900,
      ledgerVersion: true,
      partial: true,
      concurrentPerOrder: true,
      perLineTax: true,
      void: true,
      lookUpByKey: true,
      listByTime: true,
      resolutions: false,
      returns: true,
    };
    server.always(replyJson(200, { ...declared, newer: 'ignored' }));
    await expect(createApi(server).capabilities()).resolves.toEqual(declared);
  });

  it('may live below a path', async () => {
    server.always(replyJson(200, aWireOrder()));
    await createApi(server, { url: `${server.url}/facade/v1/` }).readOrder(order1);
    expect(server.received[0]?.path).toBe(`/facade/v1${orderPath}`);
  });

  it('is sent no authorization unless there is a token', async () => {
    server.always(replyJson(200, aWireOrder()));
    await createApi(server).readOrder(order1);
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each(['.', '..', '\ud800'])('is never sent an id that a URL cannot carry: %j', async (id) => {
    server.always(replyJson(200, aWireOrder()));
    await expect(createApi(server).readOrder(orderId(id))).rejects.toMatchObject({ kind: 'refused', code: 'UNSENDABLE_ID' });
    await expect(createApi(server).voidRefund(order1, id as RefundKey)).rejects.toMatchObject({ kind: 'refused', code: 'UNSENDABLE_ID' });
    expect(server.received).toHaveLength(0);
  });
});
