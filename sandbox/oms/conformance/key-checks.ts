import { setTimeout as pause } from 'node:timers/promises';
import { type Check, require, requireEqual, skipUnless } from './check.ts';
import { readEntry, type Subject } from './subject.ts';

const FOUND_WITHIN_MS = 10_000;

const needsKeys = (subject: Subject): void => skipUnless(subject.capabilities.idempotencyKey.honoured, 'a facade that honours keys');

/** A key stands for one refund, whatever is repeated, lost or late. */
export const keyChecks: readonly Check[] = [
  {
    name: 'same key, same amount: the stored answer, paid once',
    run: async (subject) => {
      needsKeys(subject);
      const key = subject.newKey();
      const first = await subject.pay(key, 1n);
      const { etag } = await subject.ledger();
      const repeat = await subject.put({ key, minor: 1n, version: etag });
      require(repeat.status === 200 || repeat.status === 202, `a repeat: expected 200 or 202, got ${repeat.status}`);
      const entry = readEntry(repeat.body);
      const known = new Set(entry.payouts.map(({ id }) => id));
      require(first.payouts.every(({ id }) => known.has(id)), 'the ids of payouts changed between the first answer and the repeat');
      await subject.requirePaidOnce(key, 1n);
    },
  },
  {
    name: 'key look-up before version: a repeat under an old version gives the stored answer',
    run: async (subject) => {
      needsKeys(subject);
      const key = subject.newKey();
      const { etag: old } = await subject.ledger();
      const first = await subject.put({ key, minor: 1n, version: old });
      require(first.status === 201 || first.status === 202, `expected 201 or 202, got ${first.status}`);
      const repeat = await subject.put({ key, minor: 1n, version: old });
      require(repeat.status === 200 ||
        repeat.status === 202, `a repeat under the version of the first call: expected 200 or 202, got ${repeat.status}`);
      await subject.requirePaidOnce(key, 1n);
    },
  },
  {
    name: 'same key, other amount: 409 KEY_REUSED, what is stored stands',
    run: async (subject) => {
      needsKeys(subject);
      const key = subject.newKey();
      await subject.pay(key, 1n);
      const { etag } = await subject.ledger();
      const other = await subject.put({ key, minor: 2n, version: etag });
      requireEqual('status', other.status, 409);
      requireEqual('error.code', codeOf(other.body), 'KEY_REUSED');
      requireEqual('entry.total', readEntry(other.body?.['entry']).total, subject.money(1n));
      await subject.requirePaidOnce(key, 1n);
    },
  },
  {
    name: 'same key sent eight times at once: paid once',
    run: async (subject) => {
      needsKeys(subject);
      const key = subject.newKey();
      const { etag } = await subject.ledger();
      const answers = await Promise.all(Array.from({ length: 8 }, () => subject.put({ key, minor: 1n, version: etag })));
      const odd = answers.find(({ status }) => ![200, 201, 202].includes(status));
      require(odd === undefined, `expected 200, 201 or 202, got ${odd?.status} ${odd?.text}`);
      await subject.requirePaidOnce(key, 1n);
    },
  },
  ...[0, 5, 25, 100].map(
    (afterMs): Check => ({
      name: `time-out, connection broken ${afterMs} ms after sending: looked up and sent again, paid once`,
      run: async (subject) => {
        needsKeys(subject);
        const key = subject.newKey();
        const { etag } = await subject.ledger();
        await subject.connection.sendAndLeave(subject.putCall({ key, minor: 1n, version: etag }), afterMs);
        const looked = await subject.find(key);
        require(looked.status === 200 || looked.status === 404, `a look-up: expected 200 or 404, got ${looked.status}`);
        const again = await subject.put({ key, minor: 1n, version: etag });
        require([200, 201, 202].includes(again.status), `the same call again: expected 200, 201 or 202, got ${again.status} ${again.text}`);
        await subject.requirePaidOnce(key, 1n);
      },
    }),
  ),
  ...(['timeoutAfter', 'resetAfter'] as const).map(
    (kind): Check => ({
      name: `time-out after success (${kind}): the look-up finds it, the same call again pays nothing`,
      run: async (subject) => {
        needsKeys(subject);
        skipUnless(subject.admin !== null, `--admin, to play ${kind}`);
        const key = subject.newKey();
        const { etag } = await subject.ledger();
        await subject.admin.put('/faults', { rules: [{ operation: 'putRefund', orderId: subject.order.id, kind, times: 1 }] });
        await subject.connection.sendAndLeave(subject.putCall({ key, minor: 1n, version: etag }), 500);
        requireEqual('the look-up', await lookUpUntilFound(subject, key), 200);
        requireEqual('the same call again', (await subject.put({ key, minor: 1n, version: etag })).status, 200);
        await subject.requirePaidOnce(key, 1n);
      },
    }),
  ),
  {
    name: 'a request that arrives after its look-up: the late twin pays nothing',
    run: async (subject) => {
      needsKeys(subject);
      const key = subject.newKey();
      const { etag } = await subject.ledger();
      const late = subject.hold({ key, minor: 1n, version: etag });
      try {
        requireEqual('the look-up before it arrives', (await subject.find(key)).status, 404);
        const again = await subject.put({ key, minor: 1n, version: etag });
        require(again.status === 201 || again.status === 202, `the same call again: expected 201 or 202, got ${again.status}`);
        const arrived = await late.finish();
        require(arrived.status === 200 || arrived.status === 202, `the late twin: expected 200 or 202, got ${arrived.status} ${arrived.text}`);
      } finally {
        late.abandon();
      }
      await subject.requirePaidOnce(key, 1n);
    },
  },
  {
    name: 'void of a key not known yet: VOIDED is kept, the call that comes late pays nothing',
    run: async (subject) => {
      skipUnless(subject.capabilities.void, 'a facade that can void');
      const key = subject.newKey();
      const { etag } = await subject.ledger();
      const late = subject.hold({ key, minor: 1n, version: etag });
      try {
        const voided = await subject.void(key);
        requireEqual('the void', voided.status, 200);
        requireEqual('its state', readEntry(voided.body).state, 'VOIDED');
        requireEqual('the void again', (await subject.void(key)).status, 200);
        const arrived = await late.finish();
        requireEqual('the late call', [arrived.status, codeOf(arrived.body)], [409, 'KEY_VOIDED']);
      } finally {
        late.abandon();
      }
      const now = await subject.put({ key, minor: 1n, version: (await subject.ledger()).etag });
      requireEqual('the call under the version now', [now.status, codeOf(now.body)], [409, 'KEY_VOIDED']);
      await subject.requirePaidOnce(key, 0n);
    },
  },
  {
    name: 'void of a refund: as `credited` says, VOIDED or 409 ALREADY_CREDITED',
    run: async (subject) => {
      skipUnless(subject.capabilities.void, 'a facade that can void');
      const key = subject.newKey();
      await subject.pay(key, 1n);
      const before = readEntry((await subject.find(key)).body);
      const voided = await subject.void(key);
      if (before.credited && before.state === 'SUCCEEDED') {
        requireEqual('a void after the money reached the shopper', [voided.status, codeOf(voided.body)], [409, 'ALREADY_CREDITED']);
        return;
      }
      requireEqual('status', voided.status, 200);
      const entry = readEntry(voided.body);
      require(entry.state === 'VOIDED' || (before.state === 'PARTIAL' && entry.state === 'SUCCEEDED'), `expected VOIDED, got ${entry.state}`);
    },
  },
  {
    name: 'keys and ids with "/", "#", "%", blanks and letters beyond ASCII come back unchanged',
    run: async (subject) => {
      const key = `${subject.newKey()}/#%20 ü?&=`;
      await subject.pay(key, 1n);
      requireEqual('key', readEntry((await subject.find(key)).body).key, key);
    },
  },
];

/** The effect may take its time after the caller has gone: looks until it is there, at most `FOUND_WITHIN_MS`. Returns the last status. */
async function lookUpUntilFound(subject: Subject, key: string): Promise<number> {
  const giveUpAt = Date.now() + FOUND_WITHIN_MS;
  for (;;) {
    const { status } = await subject.find(key);
    if (status === 200 || Date.now() > giveUpAt) return status;
    await pause(20);
  }
}

/** The code of an error answer, or what came in its place. */
export function codeOf(body: { readonly [field: string]: unknown } | null): unknown {
  const error = body?.['error'];
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
}
