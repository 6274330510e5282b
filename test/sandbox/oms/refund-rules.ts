import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAmount, aRefund, type Caller, refundsOf, startOms, type Wire } from './oms-under-test.ts';

/** What a refund call must do, whatever database is below. `database` is asked once, when the tests begin. */
export function describeRefundRules(on: string, database: () => string): void {
  let oms: Awaited<ReturnType<typeof startOms>>;
  beforeAll(async () => {
    oms = await startOms({ database: database() });
  }, 60_000);
  afterAll(() => oms?.close());

  describe(`a refund call (${on})`, () => {
    it('pays once and gives the stored answer to every repeat, whatever the version is by then', async () => {
      const order = await oms.order({ lines: [{ id: 'line-1', quantity: 3, unitPrice: 10 }] });
      const first = await oms.pay(order, 'k/1');
      await oms.pay(order, 'k/2');
      const repeat = await oms.pay(order, 'k/1', aRefund(), '"1"');
      expect([first.status, repeat.status]).toEqual([201, 200]);
      expect(repeat.body.payouts).toEqual(first.body.payouts);
      expect(await oms.payouts(order)).toHaveLength(2);
    });

    it('takes 10, 10.0 and "10.00" and lines in another order for the same refund', async () => {
      const order = await oms.order({
        lines: [
          { id: 'a', unitPrice: 10 },
          { id: 'b', unitPrice: 10 },
        ],
      });
      const part = (lineId: string, amount: unknown): Wire => ({ lineId, units: 1, amount, components: null });
      const refund = (lines: Wire[], total: unknown): Wire => ({ ...aRefund(), total, lines, payments: [{ paymentId: 'payment-1', amount: total }] });
      const first = await oms.pay(order, 'k', refund([part('a', '10.00'), part('b', '10.00')], '20.00'));
      const repeat = await oms.pay(order, 'k', refund([part('b', 10), part('a', '10.000')], 20));
      expect([first.status, repeat.status]).toEqual([201, 200]);
    });

    it.each([
      { other: 'total', refund: aRefund({ total: '9.99' }) },
      { other: 'lines', refund: aRefund({ lines: [] }) },
      { other: 'currency', refund: aRefund({ currencyCode: 'EUR' }) },
    ])('refuses a known key with another $other and shows what is stored', async ({ refund }) => {
      const order = await oms.order();
      await oms.pay(order, 'k');
      const reused = await oms.pay(order, 'k', refund);
      expect(reused).toMatchObject({ status: 409, body: { error: { code: 'KEY_REUSED' }, entry: { total: '10.00', state: 'SUCCEEDED' } } });
      expect(await oms.payouts(order)).toHaveLength(1);
    });

    it('stores nothing under an old version and says which it is now', async () => {
      const order = await oms.order();
      const old = await oms.version(order);
      await oms.void(order, 'other');
      const stale = await oms.pay(order, 'k', aRefund(), old);
      expect(stale).toMatchObject({ status: 412, body: { error: { code: 'STALE_LEDGER' } } });
      expect(`"${stale.body.version}"`).toBe(await oms.version(order));
      expect((await oms.find(order, 'k')).status).toBe(404);
    });

    it('never shows a version twice, not even for an order that is deleted and created again', async () => {
      const versions: string[] = [];
      const order = await oms.order();
      for (const key of ['a', 'b', 'c']) {
        versions.push(await oms.version(order));
        await oms.void(order, key);
      }
      await oms.admin('POST', '/reset');
      await oms.order({ id: order });
      versions.push(await oms.version(order));
      expect(new Set(versions).size).toBe(versions.length);
    });

    it('keeps a decline and answers it again', async () => {
      const order = await oms.order();
      await oms.admin('PUT', '/settlement', { orderId: order, times: 1, plan: { kind: 'decline', reason: 'CARD_CLOSED' } });
      const declined = await oms.pay(order, 'k');
      const repeat = await oms.pay(order, 'k');
      expect(declined).toMatchObject({
        status: 422,
        body: { error: { code: 'DECLINED', reason: 'CARD_CLOSED' }, entry: { state: 'FAILED', paid: '0.00' } },
      });
      expect(repeat.body).toEqual(declined.body);
      expect((await oms.pay(order, 'k/2')).status).toBe(201);
    });

    it.each([
      { code: 'JPY', total: '1000', half: '500' },
      { code: 'USD', total: '10.00', half: '5.00' },
      { code: 'KWD', total: '1.234', half: '0.617' },
      { code: 'USD', total: '90071992547409.91', half: '45035996273704.95' },
    ])('keeps $total $code exact', async ({ code, total, half }) => {
      const order = await oms.order({ currencyCode: code, lines: [{ id: 'line-1', unitPrice: total }] });
      await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'partial', paid: half } });
      const refund = aRefund({ currencyCode: code, total });
      const { body } = await oms.pay(order, 'k', refund);
      expect(body).toMatchObject({ total, paid: half, state: 'PARTIAL', payouts: [{ amount: half }], lines: [{ amount: total }] });
      expect(await oms.ledger(order)).toMatchObject([{ total, paid: half }]);
    });

    it.each([
      { field: 'total', refund: aRefund({ total: '10.005' }) },
      { field: 'total', refund: aRefund({ total: '0.00' }) },
      { field: 'total', refund: aRefund({ total: 'ten' }) },
      { field: 'currencyCode', refund: aRefund({ currencyCode: 'XYZ' }) },
      { field: 'lines', refund: aRefund({ lines: [{ lineId: 'line-1', units: 1, amount: '9.00', components: null }] }) },
      { field: 'payments', refund: aRefund({ payments: [{ paymentId: 'payment-1', amount: '9.00' }] }) },
      { field: 'payments[0].paymentId', refund: aRefund({ payments: [{ paymentId: 'nobody', amount: '10.00' }] }) },
      { field: 'lines[0].lineId', refund: aRefund({ lines: [{ lineId: 'nothing', units: 1, amount: '10.00', components: null }] }) },
      { field: 'lines[0].units', refund: aRefund({ lines: [{ lineId: 'line-1', units: 0.5, amount: '10.00', components: null }] }) },
      {
        field: 'lines[0].components',
        refund: aRefund({ lines: [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: 9, tax: 0, shipping: 0, shippingTax: 0 } }] }),
      },
      { field: 'bwpRefundId', refund: aRefund({ bwpRefundId: undefined }) },
    ])('names the field that is wrong: $field', async ({ field, refund }) => {
      const order = await oms.order();
      const refused = await oms.pay(order, 'k', refund);
      expect(refused).toMatchObject({ status: 400, body: { error: { code: 'INVALID_REQUEST', field } } });
      expect(await oms.ledger(order)).toEqual([]);
    });

    it('sums components without the taxes where prices include tax', async () => {
      const order = await oms.order({ pricesIncludeTax: true, lines: [{ id: 'line-1', unitPrice: 10, tax: 2 }] });
      const lines = [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: 10, tax: 2, shipping: 0, shippingTax: 0 } }];
      expect((await oms.pay(order, 'k', aRefund({ lines }))).status).toBe(201);
    });

    it('keeps absent components absent', async () => {
      const order = await oms.order();
      const lines = [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '10.00', tax: '0' } }];
      const { body } = await oms.pay(order, 'k', aRefund({ lines }));
      expect(body['lines']).toEqual([{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '10.00', tax: '0.00' } }]);
    });

    it('lets a fee reduce a line, and its tax where prices do not include it', async () => {
      const included = await oms.order({ pricesIncludeTax: true, lines: [{ id: 'line-1', unitPrice: 10, tax: 2 }] });
      const added = await oms.order({ lines: [{ id: 'line-1', unitPrice: 10, tax: 2 }] });
      const components = { item: 10, tax: 2, fee: '-5.00', feeTax: '-1.00' };
      const line = (amount: string) => ({ total: amount, lines: [{ lineId: 'line-1', units: 1, amount, components }] });
      const pay = (amount: string) => aRefund({ ...line(amount), payments: [{ paymentId: 'payment-1', amount }] });
      expect((await oms.pay(included, 'k', pay('5.00'))).status).toBe(201);
      expect((await oms.pay(added, 'k', pay('6.00'))).status).toBe(201);
      expect((await oms.pay(added, 'other', pay('5.00'))).status).toBe(400);
    });

    it('lets a fee reduce a line', async () => {
      const order = await oms.order();
      const lines = [{ lineId: 'line-1', units: 1, amount: '8.50', components: { item: 10, tax: 0, shipping: 0, shippingTax: 0, fee: '-1.50' } }];
      expect((await oms.pay(order, 'k', aRefund({ total: '8.50', lines }))).status).toBe(201);
    });
  });

  describe(`a void (${on})`, () => {
    it('of a key that is not known makes the late call pay nothing', async () => {
      const order = await oms.order();
      expect((await oms.void(order, 'k')).body).toMatchObject({ state: 'VOIDED', total: '0.00' });
      expect(await oms.pay(order, 'k')).toMatchObject({ status: 409, body: { error: { code: 'KEY_VOIDED' }, entry: { state: 'VOIDED' } } });
      expect(await oms.payouts(order)).toEqual([]);
    });

    it('takes an accepted refund back, and again without effect', async () => {
      const order = await oms.order();
      await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'accepted' } });
      expect((await oms.pay(order, 'k')).status).toBe(202);
      const voided = await oms.void(order, 'k');
      const version = await oms.version(order);
      expect(voided.body).toMatchObject({ state: 'VOIDED', paid: '0.00' });
      expect((await oms.void(order, 'k')).body).toEqual(voided.body);
      expect(await oms.version(order)).toBe(version);
    });

    it('takes back what is paid and has not reached the shopper', async () => {
      const order = await oms.order();
      await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'immediate', credited: false } });
      expect((await oms.pay(order, 'k')).body).toMatchObject({ state: 'SUCCEEDED', credited: false });
      expect((await oms.void(order, 'k')).body).toMatchObject({ state: 'VOIDED', paid: '0.00', payouts: [{ state: 'FAILED' }] });
      expect((await oms.pay(order, 'k/2')).status).toBe(201);
    });

    it('makes a part payment final at what was paid', async () => {
      const order = await oms.order();
      await oms.admin('PUT', '/settlement', {
        orderId: order,
        times: 1,
        plan: { kind: 'partial', paid: '4.00', steps: [{ afterMs: 600_000, state: 'SUCCEEDED' }] },
      });
      await oms.pay(order, 'k');
      const closed = await oms.void(order, 'k');
      expect(closed).toMatchObject({ status: 200, body: { state: 'SUCCEEDED', total: '4.00', paid: '4.00' } });
      expect((await oms.void(order, 'k')).body).toEqual(closed.body);
      expect((await oms.pay(order, 'k')).body).toEqual(closed.body);
      expect((await oms.pay(order, 'k/2', anAmount('6.01'))).body).toMatchObject({ error: { reason: 'EXCEEDS_CAPTURED' } });
      expect((await oms.pay(order, 'k/3', anAmount('6.00'))).status).toBe(201);
    });

    it('is refused once the money has reached the shopper, and does nothing to a failed refund', async () => {
      const order = await oms.order();
      await oms.admin('PUT', '/settlement', { orderId: order, times: 1, plan: { kind: 'decline', reason: 'NO' } });
      await oms.pay(order, 'failed');
      await oms.pay(order, 'paid');
      expect((await oms.void(order, 'paid')).body).toMatchObject({ error: { code: 'ALREADY_CREDITED' }, entry: { paid: '10.00' } });
      expect(await oms.void(order, 'failed')).toMatchObject({ status: 200, body: { state: 'FAILED' } });
    });
  });

  describe(`clients racing on one order (${on})`, () => raceRules(() => [oms]));
}

/** Many clients at once, spread over `callers`: one process or several on the same database. */
export function raceRules(callers: () => readonly Caller[]): void {
  const CLIENTS = 24;
  const caller = (client: number): Caller => {
    const all = callers();
    return all[client % all.length] as Caller;
  };
  const race = <T>(run: (oms: Caller, client: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: CLIENTS }, (_, client) => run(caller(client), client)));
  const tenUnits = { lines: [{ id: 'line-1', quantity: 10, unitPrice: 10 }] };

  async function payUntilAnswered(oms: Caller, order: string, key: string): Promise<number> {
    for (;;) {
      const { status } = await oms.pay(order, key);
      if (status !== 412) return status;
    }
  }

  it('refund every unit once and none more, each reading and trying again when stale', async () => {
    const order = await caller(0).order(tenUnits);
    const statuses = await race((oms, client) => payUntilAnswered(oms, order, `k/${client}`));
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(statuses.filter((status) => status === 422)).toHaveLength(CLIENTS - 10);
    expect(await caller(0).payouts(order)).toHaveLength(10);
  }, 60_000);

  it('pay one refund when all hold the same version', async () => {
    const order = await caller(0).order(tenUnits);
    const version = await caller(0).version(order);
    const statuses = await race(async (oms, client) => (await oms.pay(order, `k/${client}`, aRefund(), version)).status);
    expect(statuses.sort((a, b) => a - b)).toEqual([201, ...Array.from({ length: CLIENTS - 1 }, () => 412)]);
    expect(await caller(0).payouts(order)).toHaveLength(1);
  }, 60_000);

  it('pay one refund when all send the same key', async () => {
    const order = await caller(0).order(tenUnits);
    const version = await caller(0).version(order);
    const answers = await race((oms) => oms.pay(order, 'k', aRefund(), version));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([...Array.from({ length: CLIENTS - 1 }, () => 200), 201]);
    expect(new Set(answers.map(({ body }) => body.payouts[0]?.id)).size).toBe(1);
    expect(await caller(0).payouts(order)).toHaveLength(1);
  }, 60_000);

  it('are held by the caps alone where versions are not compared', async () => {
    const order = await caller(0).order(tenUnits);
    await caller(0).admin('PUT', '/switches', { ignoreVersion: true });
    const statuses = await race(async (oms, client) => (await oms.pay(order, `k/${client}`, aRefund(), '"0"')).status);
    await caller(0).admin('PUT', '/switches', { ignoreVersion: false });
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(await caller(0).payouts(order)).toHaveLength(10);
  }, 60_000);

  it('either pay or void a key, never both', async () => {
    const outcomes = await race(async (oms, client) => {
      const order = await oms.order();
      const version = await oms.version(order);
      await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'accepted' } });
      const [paid, voided] = await Promise.all([oms.pay(order, 'k', aRefund(), version), caller(client + 1).void(order, 'k')]);
      const [entry, ...others] = await oms.ledger(order);
      return { paid: paid.status, voided: voided.status, state: entry?.state, others: others.length };
    });
    // The call came first (202) and was voided, or came second: the version was old by then (never, the key is looked up first) or the key void (409).
    for (const outcome of outcomes) expect(outcome).toEqual({ paid: outcome.paid === 202 ? 202 : 409, voided: 200, state: 'VOIDED', others: 0 });
  }, 60_000);

  it('see a ledger whose version always fits its entries', async () => {
    const order = await caller(0).order({ lines: [{ id: 'line-1', quantity: CLIENTS, unitPrice: 10 }] });
    const looks = new Map<string, number>();
    await race(async (oms, client) => {
      await payUntilAnswered(oms, order, `k/${client}`);
      const { body } = await oms.call<{ version: string; entries: unknown[] }>('GET', refundsOf(order));
      const before = looks.get(body.version);
      if (before !== undefined) expect(body.entries).toHaveLength(before);
      looks.set(body.version, body.entries.length);
    });
    expect(looks.size).toBeGreaterThan(0);
  }, 60_000);
}
