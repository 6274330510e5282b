import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Check, require, requireEqual, skipUnless } from './check.ts';
import { codeOf } from './key-checks.ts';
import { type Entry, readAs, readEntry, type Subject } from './subject.ts';

const needsVersion = (subject: Subject): void => skipUnless(subject.capabilities.ledgerVersion, 'a facade that compares ledger versions');
const FINAL = ['SUCCEEDED', 'FAILED', 'VOIDED'];
const FOLLOW_MS = 10_000;

const pageShape = z.object({ orders: z.array(z.object({ id: z.string() })), nextCursor: z.string().nullable() });

/** What the ledger shows, and what its version guards. */
export const ledgerChecks: readonly Check[] = [
  {
    name: 'the ledger carries its version as ETag and in its body',
    run: async (subject) => {
      const { etag, version, orderId } = await subject.ledger();
      requireEqual('ETag', etag, `"${version}"`);
      requireEqual('orderId', orderId, subject.order.id);
    },
  },
  {
    name: 'stale ledger: 412 with the version now, nothing stored',
    run: async (subject) => {
      needsVersion(subject);
      const { etag: old } = await subject.ledger();
      await subject.pay(subject.newKey(), 1n);
      const key = subject.newKey();
      const stale = await subject.put({ key, minor: 1n, version: old });
      requireEqual('the call under an old version', [stale.status, codeOf(stale.body)], [412, 'STALE_LEDGER']);
      requireEqual('version', stale.body?.['version'], (await subject.ledger()).version);
      requireEqual('the look-up of its key', (await subject.find(key)).status, 404);
    },
  },
  {
    name: 'eight refunds racing under one version: one is taken, the others are stale',
    run: async (subject) => {
      needsVersion(subject);
      const { etag } = await subject.ledger();
      const answers = await Promise.all(Array.from({ length: 8 }, () => subject.put({ key: subject.newKey(), minor: 1n, version: etag })));
      const taken = answers.filter(({ status }) => status === 201 || status === 202);
      const stale = answers.filter(({ status }) => status === 412);
      requireEqual('taken and stale', [taken.length, stale.length], [1, 7]);
    },
  },
  {
    name: 'the ETag changes with every change and never comes back',
    run: async (subject) => {
      const seen = [(await subject.ledger()).etag];
      for (let change = 0; change < 3; change += 1) {
        const key = subject.newKey();
        await subject.pay(key, 1n);
        seen.push((await subject.ledger()).etag);
        if (subject.capabilities.void) {
          await subject.void(subject.newKey());
          seen.push((await subject.ledger()).etag);
        }
      }
      const again = seen.filter((etag, index) => seen.indexOf(etag) !== index);
      require(again.length === 0, `these versions came twice: ${again.join(', ')}`);
    },
  },
  {
    name: 'the answer of a payment carries the new version, under which the next one is taken',
    run: async (subject) => {
      needsVersion(subject);
      const { etag } = await subject.ledger();
      const first = await subject.put({ key: subject.newKey(), minor: 1n, version: etag });
      const given = first.headers['etag'];
      require(given !== undefined && given !== etag, `expected a new ETag with the payment, got ${given}`);
      const next = await subject.put({ key: subject.newKey(), minor: 1n, version: given });
      const settledSince = next.status === 412 && !FINAL.includes(readEntry(first.body).state);
      require(settledSince || next.status === 201 || next.status === 202, `expected 201 or 202 under that version, got ${next.status}`);
    },
  },
  {
    name: 'echo before answer: whoever reads while the call is under way sees nothing or the same entry, after it the entry',
    run: async (subject) => {
      const key = subject.newKey();
      const { etag } = await subject.ledger();
      let answered = false;
      const call = subject.put({ key, minor: 1n, version: etag }).finally(() => {
        answered = true;
      });
      const looks: Entry[][] = [];
      while (!answered) looks.push((await subject.ledger()).entries.filter((entry) => entry.key === key));
      const paid = await call;
      require(paid.status === 201 || paid.status === 202, `expected 201 or 202, got ${paid.status}`);
      const wrong = looks.find((look) => look.length > 1 || look.some(({ total }) => total !== subject.money(1n)));
      require(wrong === undefined, `a look in between showed ${JSON.stringify(wrong)}`);
      require((await subject.ledger()).entries.some((entry) => entry.key === key), 'the ledger read after the answer does not show the entry');
    },
  },
  {
    name: 'status never goes back: what is paid only grows, a final state stays',
    run: async (subject) => {
      const key = subject.newKey();
      const plan = { kind: 'partial', paid: subject.money(1n), steps: [{ afterMs: 60, state: 'SUCCEEDED' }] };
      await subject.admin?.put('/settlement', { orderId: subject.order.id, times: 1, plan });
      let last = await subject.pay(key, 2n);
      skipUnless(!FINAL.includes(last.state), 'a facade that settles later (this one was final at once), or --admin');
      for (const until = Date.now() + FOLLOW_MS; Date.now() < until && !FINAL.includes(last.state); await pause(20)) {
        const now = readEntry((await subject.find(key)).body);
        require(subject.minor(now.paid) >= subject.minor(last.paid) || now.state === 'FAILED', `paid went from ${last.paid} to ${now.paid}`);
        require(!(last.state === 'PARTIAL' && now.state === 'PENDING'), 'PARTIAL went back to PENDING');
        require(last.payouts.every(({ id }) => now.payouts.some((payout) => payout.id === id)), 'a payout disappeared or changed its id');
        last = now;
      }
      require(subject.admin === null || last.state === 'SUCCEEDED', `expected SUCCEEDED as planned, got ${last.state} for ${FOLLOW_MS} ms`);
    },
  },
  {
    name: 'out-of-order status: a recorded refund takes no step back',
    run: async (subject) => {
      const id = subject.newKey();
      const record = async (minor: bigint, state: string) =>
        subject.connection.send({
          method: 'PUT',
          path: subject.path('recorded-refunds', id),
          body: { currencyCode: subject.order.currencyCode, total: subject.money(minor), lines: [], state, createdAt: '2026-01-01T00:00:00Z' },
        });
      requireEqual('first PARTIAL', (await record(1n, 'PARTIAL')).status, 201);
      const grown = await record(2n, 'SUCCEEDED');
      requireEqual('then SUCCEEDED and larger', grown.status, 200);
      requireEqual('its source and payouts', [readEntry(grown.body).source, readEntry(grown.body).payouts], ['AMAZON', []]);
      const late = await record(1n, 'PARTIAL');
      requireEqual('the smaller one again, late', [late.status, codeOf(late.body)], [409, 'SMALLER_THAN_RECORDED']);
      requireEqual('the same again', (await record(2n, 'SUCCEEDED')).status, 200);
      const booked = (await subject.ledger()).entries.filter(({ bwpRefundId }) => bwpRefundId === id);
      requireEqual(
        'booked',
        booked.map(({ key, state, total }) => [key, state, total]),
        [[`recorded/${id}`, 'SUCCEEDED', subject.money(2n)]],
      );
    },
  },
  {
    name: 'partial success: PARTIAL with its payouts, and a void makes it final at what was paid',
    run: async (subject) => {
      skipUnless(subject.capabilities.partial, 'a facade that pays in parts');
      skipUnless(subject.admin !== null, '--admin, to have a refund paid in part');
      await subject.admin.put('/settlement', { orderId: subject.order.id, times: 1, plan: { kind: 'partial', paid: subject.money(4n) } });
      const key = subject.newKey();
      const partial = await subject.pay(key, 10n);
      requireEqual('state, total, paid', [partial.state, partial.total, partial.paid], ['PARTIAL', subject.money(10n), subject.money(4n)]);
      requireEqual(
        'payouts',
        partial.payouts.map(({ amount }) => amount),
        [subject.money(4n)],
      );
      const closed = readEntry((await subject.void(key)).body);
      requireEqual('after the void', [closed.state, closed.total, closed.paid], ['SUCCEEDED', subject.money(4n), subject.money(4n)]);
      const repeat = await subject.put({ key, minor: 10n, version: (await subject.ledger()).etag });
      requireEqual('the call again', [repeat.status, readEntry(repeat.body).paid], [200, subject.money(4n)]);
    },
  },
  {
    name: 'a touched order is listed by time',
    run: async (subject) => {
      skipUnless(subject.capabilities.listByTime, 'a facade that lists by time');
      const since = new Date(Date.now() - 60_000).toISOString();
      await subject.pay(subject.newKey(), 1n);
      let cursor: string | null = '';
      for (let page = 0; cursor !== null && page < 1_000; page += 1) {
        const query = new URLSearchParams({ touchedSince: since, ...(cursor === '' ? {} : { cursor }) });
        const { status, body } = await subject.connection.send({ method: 'GET', path: `/orders?${query}` });
        requireEqual('status', status, 200);
        const listed = readAs(pageShape, body, 'page');
        if (listed.orders.some(({ id }) => id === subject.order.id)) return;
        cursor = listed.nextCursor;
      }
      require(false, 'the order of a refund made just now is not in the list');
    },
  },
];
