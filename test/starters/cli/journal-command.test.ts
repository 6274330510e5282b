import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../../src/contracts/records.ts';
import { businessProductId, orderId } from '../../../src/domain/ids.ts';
import { AT } from '../../support/builders.ts';
import { aJournalEntry, aPayoutEntry } from '../../support/journal-entries.ts';
import { type Ended, runSaga } from './run-saga.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bwp-saga-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (...entries: readonly JournalEntry[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const keep = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content);
const journal = (...args: readonly string[]): Promise<Ended> => runSaga(['journal', '.', ...args], { folder });
const answer = async (...args: readonly string[]): Promise<{ entries: JournalEntry[]; paidOut: unknown; repeats: number }> =>
  JSON.parse((await journal('--json', ...args)).out);
const idsOf = (entries: readonly JournalEntry[]): string[] => entries.map(({ id }) => id);

describe('saga journal', () => {
  it('shows entries as a table, by time, with the money that moved', async () => {
    await keep('b.jsonl', text(aPayoutEntry('p-1'), aPayoutEntry('p-2', { amount: 250 })));
    await keep('a.jsonl', text(aJournalEntry({ id: 'late', at: '2026-03-02T00:00:00.000Z', kind: 'final', text: 'It ended DONE.' })));
    await keep('notes.txt', 'not of the journal');
    expect(await journal()).toEqual({
      code: 0,
      err: '',
      out: [
        'at                        order         saga             kind    text',
        '2026-03-01T12:00:00.000Z  bp-1/order-1  refund refund-1  payout  Payout p-1.',
        '2026-03-01T12:00:00.000Z  bp-1/order-1  refund refund-1  payout  Payout p-2.',
        '2026-03-02T00:00:00.000Z  bp-1/order-1  refund refund-1  final   It ended DONE.',
        '',
        ' paid out  by   payouts',
        '12.50 USD  BWP        2',
        '',
        '3 entries',
        '',
      ].join('\n'),
    });
  });

  it('takes an entry that was written again once, over files and folders', async () => {
    await mkdir(join(folder, 'other'));
    await keep('a.jsonl', text(aPayoutEntry('p-1'), aPayoutEntry('p-1')));
    await keep('other/b.jsonl', text({ ...aPayoutEntry('p-1'), at: '2026-02-28T12:00:00.000Z' }));
    const { entries, paidOut, repeats } = await answer('other', 'a.jsonl');
    expect(entries).toMatchObject([{ at: '2026-02-28T12:00:00.000Z' }]);
    expect(paidOut).toEqual([{ currency: 'USD', source: 'BWP', payouts: 1, amount: 1000 }]);
    expect(repeats).toBe(4);
  });

  it('sums up by currency and by who let the money move, in minor units', async () => {
    const others = [aPayoutEntry('p-2', { source: 'EXTERNAL' }), aPayoutEntry('p-3', { currency: 'JPY', amount: 500 }), aPayoutEntry('p-4')];
    await keep('a.jsonl', text(aPayoutEntry('p-1'), ...others));
    expect((await answer()).paidOut).toEqual([
      { currency: 'JPY', source: 'BWP', payouts: 1, amount: 500 },
      { currency: 'USD', source: 'BWP', payouts: 2, amount: 2000 },
      { currency: 'USD', source: 'EXTERNAL', payouts: 1, amount: 1000 },
    ]);
  });

  it('counts nothing for a payout that succeeded and failed later, whichever is listed', async () => {
    const failed = { ...aPayoutEntry('p-1', { state: 'FAILED' }), at: '2026-02-01T00:00:00.000Z' };
    await keep('a.jsonl', text(aPayoutEntry('p-1'), failed));
    expect((await answer()).paidOut).toEqual([]);
    expect((await answer('--since', '2026-03-01')).paidOut).toEqual([]);
    expect((await journal()).out).toContain('no money moved');
  });

  it('is narrowed by product, order and time', async () => {
    const of = (id: string, product: string, order: string, at: string): JournalEntry =>
      aJournalEntry({ id, at, order: { ...AT, businessProductId: businessProductId(product), orderId: orderId(order) } });
    await keep('a.jsonl', text(of('a', 'bp-1', 'o-1', '2026-03-01T00:00:00.000Z'), of('b', 'bp-2', 'o-1', '2026-03-01T00:00:00.000Z')));
    await keep('b.jsonl', text(of('c', 'bp-1', 'o-2', '2026-03-02T00:00:00.000Z'), of('d', 'bp-1', 'o-1', '2026-02-28T23:59:59.999Z')));
    expect(idsOf((await answer('--product', 'bp-2')).entries)).toEqual(['b']);
    expect(idsOf((await answer('--order', 'o-1')).entries)).toEqual(['d', 'a', 'b']);
    expect(idsOf((await answer('--since', '2026-03-01')).entries)).toEqual(['a', 'b', 'c']);
    expect(idsOf((await answer('--since', '2026-03-01T01:00:00+01:00', '--product', 'bp-1', '--order', 'o-1')).entries)).toEqual(['a']);
  });

  it('says that the last line of a file is torn, leaves it out, and is fine', async () => {
    const whole = text(aJournalEntry());
    await keep('a.jsonl', whole + text(aPayoutEntry('p-1')).slice(0, 30));
    const { code, out, err } = await journal();
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^a\.jsonl:2: expected a journal entry, found .+ not finished, left out\n$/),
    });
    expect(out).toContain('1 entry\n');
  });

  it.each([
    ['no JSON', '{"v":1\n'],
    ['not of this version', text({ ...aJournalEntry(), v: 2 as 1 })],
    [
      'a payout without its amount',
      text({ ...aPayoutEntry('p-1'), data: { key: 'k-1', payoutId: 'p-1', source: 'BWP', state: 'SUCCESS', currency: 'USD' } }),
    ],
    ['a payout in no currency', text(aPayoutEntry('p-1', { currency: 'usd' }))],
  ])('names a finished line that is %s, and ends with 1 after the rest', async (_, line) => {
    await keep('a.jsonl', `${line}${text(aJournalEntry())}`);
    await keep('b.jsonl', line);
    const { code, out, err } = await journal();
    expect(code).toBe(1);
    expect(err.match(/^[ab]\.jsonl:1: expected a journal entry, found .+$/gm)).toHaveLength(2);
    expect(out).toContain('1 entry\n');
  });

  it('lets no entry write over the terminal', async () => {
    await keep('a.jsonl', text(aJournalEntry({ text: 'Wiped.\u001b[2J\r\nAnd gone.' })));
    expect((await journal()).out).toContain('Wiped. [2J And gone.');
  });

  it('names a folder that is not there, and a time that is none', async () => {
    expect(await runSaga(['journal', 'nowhere'], { folder })).toMatchObject({
      code: 1,
      err: "nowhere: expected a journal's file or folder, found ENOENT\n",
    });
    expect(await journal('--since', '2026-03-01T12:00')).toMatchObject({ code: 1, err: expect.stringContaining('--since: expected a day') });
  });
});
