import { type Check, require, requireEqual, skipUnless } from './check.ts';
import type { Wire } from './http-call.ts';
import { codeOf } from './key-checks.ts';
import { type Order, readEntry, type Subject } from './subject.ts';

const BURST = 60;

/** Amounts, caps, and the shape of errors. */
export const valueChecks: readonly Check[] = [
  {
    name: 'the order adds up: its total is the sum of its parts',
    run: async (subject) => requireEqual('total', subject.order.total, subject.money(sumOfParts(subject, subject.order))),
  },
  {
    // 0.29 × 100 and 0.57 × 100 are not whole as doubles: whoever multiplies or truncates loses a cent here.
    name: 'exact decimals: amounts come back as they were sent and sum without loss',
    run: async (subject) => {
      const amounts = [29n, 57n, 10n, 20n];
      const keys: string[] = [];
      for (const amount of amounts) {
        const key = subject.newKey();
        keys.push(key);
        requireEqual(`total of ${subject.money(amount)}`, (await subject.pay(key, amount)).total, subject.money(amount));
      }
      const { entries } = await subject.ledger();
      const got = keys.map((key) => entries.find((entry) => entry.key === key)?.total);
      requireEqual('the ledger', got, amounts.map(subject.money));
    },
  },
  {
    name: 'a JSON number, more zeros than needed and unknown fields are accepted',
    run: async (subject) => {
      const { etag } = await subject.ledger();
      const asNumber = { total: Number(subject.money(29n)), payments: [{ ...paymentOf(subject), amount: Number(subject.money(29n)) }], later: true };
      const first = await subject.put({ key: subject.newKey(), minor: 29n, version: etag }, asNumber);
      require(first.status === 201 || first.status === 202, `a number as total: expected 201 or 202, got ${first.status} ${first.text}`);
      requireEqual('total', readEntry(first.body).total, subject.money(29n));
      const zeros = `${subject.money(1n)}${subject.money(1n).includes('.') ? '' : '.'}00`;
      const second = await subject.put({ key: subject.newKey(), minor: 1n, version: (await subject.ledger()).etag }, { total: zeros });
      require(second.status === 201 || second.status === 202, `${zeros} as total: expected 201 or 202, got ${second.status} ${second.text}`);
    },
  },
  {
    name: 'lines, units and components come back as they were given',
    run: async (subject) => {
      const line = subject.order.lines[0];
      skipUnless(line !== undefined, 'an order with a line');
      const amount = subject.money(3n);
      const tax = subject.order.pricesIncludeTax ? 0n : 1n;
      // No shippingTax: absent is not the same as 0.
      const components = { item: subject.money(3n - tax), tax: subject.money(tax), shipping: subject.money(0n) };
      const lines = [{ lineId: line.id, units: null, amount, components }];
      const paid = await subject.put({ key: subject.newKey(), minor: 3n, version: (await subject.ledger()).etag }, { lines });
      require(paid.status === 201 || paid.status === 202, `expected 201 or 202, got ${paid.status} ${paid.text}`);
      const [got] = readEntry(paid.body).lines;
      requireEqual('lineId, units, amount', [got?.lineId, got?.units, got?.amount], [line.id, null, amount]);
      const given = Object.fromEntries(Object.keys(components).map((name) => [name, got?.components?.[name]]));
      requireEqual('components', [given, Object.keys(got?.components ?? {}).length], [components, 3]);
    },
  },
  {
    name: 'more than was captured: 422 DECLINED, stored as FAILED, and a repeat answers the same',
    run: async (subject) => {
      const captured = subject.order.payments.reduce((sum, payment) => sum + subject.minor(payment.captured), 0n);
      await requireDeclined(subject, captured + 1n, {}, 'EXCEEDS_CAPTURED');
    },
  },
  {
    name: 'more units than were ordered: 422 DECLINED',
    run: async (subject) => {
      const line = subject.order.lines[0];
      skipUnless(line !== undefined, 'an order with a line');
      const lines = [{ lineId: line.id, units: line.quantity + 1, amount: subject.money(1n), components: null }];
      await requireDeclined(subject, 1n, { lines }, 'EXCEEDS_UNITS');
    },
  },
  {
    name: 'error shapes: 400 names the field, 404 and 428 their code',
    run: async (subject) => {
      const { etag } = await subject.ledger();
      const bad = await subject.put(
        { key: subject.newKey(), minor: 1n, version: etag },
        { total: `${subject.money(1n)}${subject.money(1n).includes('.') ? '' : '.'}5` },
      );
      requireEqual('one decimal too many', [bad.status, codeOf(bad.body), fieldOf(bad.body, 'field')], [400, 'INVALID_REQUEST', 'total']);
      const key = subject.newKey();
      const broken = await subject.connection.send({ method: 'PUT', path: subject.path('refunds', key), body: '{"total":', ifMatch: etag });
      requireEqual('a body that is no JSON', [broken.status, codeOf(broken.body)], [400, 'INVALID_REQUEST']);
      const blind = await subject.connection.send({ method: 'PUT', path: subject.path('refunds', key), body: subject.body(1n) });
      requireEqual('no If-Match', [blind.status, codeOf(blind.body)], [428, 'PRECONDITION_REQUIRED']);
      const lost = await subject.find(key);
      requireEqual('a key that is not known', [lost.status, codeOf(lost.body)], [404, 'REFUND_NOT_FOUND']);
      const nowhere = await subject.connection.send({ method: 'GET', path: '/orders/conformance-no-such-order/refunds' });
      requireEqual('an order that is not known', [nowhere.status, codeOf(nowhere.body)], [404, 'ORDER_NOT_FOUND']);
      requireEqual('entries stored by refused calls', (await subject.ledger()).etag, etag);
    },
  },
  {
    name: '429 carries Retry-After in seconds or as a date',
    run: async (subject) => {
      const times = { operation: 'getLedger', orderId: subject.order.id, kind: 'http429', retryAfter: 2, times: 1 };
      await subject.admin?.put('/faults', { rules: [times] });
      const answers = await Promise.all(
        Array.from({ length: subject.admin ? 1 : BURST }, () => subject.connection.send({ method: 'GET', path: subject.path('refunds') })),
      );
      const throttled = answers.find(({ status }) => status === 429);
      skipUnless(throttled !== undefined, `a facade that throttles ${BURST} reads at once, or --admin`);
      const retryAfter = throttled.headers['retry-after'] ?? '';
      require(/^\d+$/.test(retryAfter) || !Number.isNaN(Date.parse(retryAfter)), `expected Retry-After, got "${retryAfter}"`);
      requireEqual('error.code', codeOf(throttled.body), 'THROTTLED');
    },
  },
];

async function requireDeclined(subject: Subject, minor: bigint, over: object, reason: string): Promise<void> {
  const key = subject.newKey();
  const { etag } = await subject.ledger();
  const declined = await subject.put({ key, minor, version: etag }, over);
  requireEqual('status and code', [declined.status, codeOf(declined.body)], [422, 'DECLINED']);
  requireEqual('error.reason', fieldOf(declined.body, 'reason'), reason);
  const entry = readEntry(declined.body?.['entry']);
  requireEqual('entry', [entry.state, entry.paid], ['FAILED', subject.money(0n)]);
  const repeat = await subject.put({ key, minor, version: etag }, over);
  requireEqual('a repeat', [repeat.status, codeOf(repeat.body)], [422, 'DECLINED']);
  const looked = await subject.find(key);
  requireEqual('the look-up', looked.status, 200);
  requireEqual('its state', readEntry(looked.body).state, 'FAILED');
}

const paymentOf = (subject: Subject): object => (subject.body(1n) as { payments: object[] }).payments[0] ?? {};
const fieldOf = (body: Wire | null, name: string): unknown => (body?.['error'] as Wire | undefined)?.[name];

function sumOfParts({ minor }: Subject, order: Order): bigint {
  const delivery = ({ charge, discount, tax }: Order['delivery']): bigint =>
    minor(charge) - minor(discount) + (order.pricesIncludeTax ? 0n : minor(tax));
  const lines = order.lines.map((line) => {
    const tax = order.pricesIncludeTax ? 0n : minor(line.tax);
    return minor(line.unitPrice) * BigInt(line.quantity) - minor(line.discount) + tax + delivery(line.delivery);
  });
  return lines.reduce((sum, line) => sum + line, 0n) - minor(order.discount) + delivery(order.delivery);
}
