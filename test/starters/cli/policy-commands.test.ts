import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, type Policy } from '../../../src/domain/policy.ts';
import { differences } from '../../../src/starters/cli/policy/settings.ts';
import { publishedSchema } from './published-schema.ts';
import { EXAMPLES, runSaga } from './run-saga.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bwp-saga-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe('saga policy check', () => {
  it('says that a file is valid, its versions, and what differs', async () => {
    write('shop.yaml', 'version: shop-1\nestimateTolerancePercent: 10\nproducts: { bp-2: { payWhen: graded } }\n');
    const { code, out, err } = await runSaga(['policy', 'check', 'shop.yaml'], { folder });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/\+[0-9a-f]{12}/, '+…')).toBe(
      [
        'shop.yaml: valid',
        '',
        'version           shop-1',
        'version for bp-2  shop-1+…',
        '',
        'setting                   default  here',
        'estimateTolerancePercent  25       10',
        '',
        'For bp-2:',
        'setting  others     bp-2',
        'payWhen  requested  graded',
        '',
      ].join('\n'),
    );
  });

  it('says so where nothing differs', async () => {
    expect((await runSaga(['policy', 'check', '-'], { input: 'version: same\n' })).out).toBe(
      'standard input: valid\n\nversion  same\n\nnothing differs\n',
    );
  });

  it('names file, line and column of what is wrong', async () => {
    write('shop.yaml', 'version: shop-1\napproval:\n  onePersonAbove: { USD: lots }\n');
    const { code, out, err } = await runSaga(['policy', 'check', 'shop.yaml'], { folder });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^shop\.yaml:3:26: approval\.onePersonAbove\.USD: expected .*, found "lots"\n$/);
  });
});

describe('the differences of two policies', () => {
  it.each<{ rule: string; after: Partial<Policy>; rows: readonly (readonly [string, string, string])[] }>([
    { rule: 'leave the version out', after: { version: 'other' }, rows: [] },
    { rule: 'write null as none', after: { payFrom: '2026-03-01T00:00:00Z' }, rows: [['payFrom', 'none', '2026-03-01T00:00:00Z']] },
    {
      rule: 'go through lists by member, in whatever order these stand',
      after: { rejectFrom: ['PARTIAL'], shippingBackFor: [...DEFAULT_POLICY.shippingBackFor].reverse() },
      rows: [
        ['rejectFrom.PENDING', 'yes', 'no'],
        ['rejectFrom.PARTIAL', 'no', 'yes'],
      ],
    },
    {
      rule: 'write deductions as a file does',
      after: {
        deductions: {
          ...DEFAULT_POLICY.deductions,
          DAMAGED: { kind: 'share', basisPoints: 1250 },
          DEFECTIVE: { kind: 'per_unit', amounts: { USD: 3_00, JPY: 300 } },
        },
      },
      rows: [
        ['deductions.DEFECTIVE', 'none', '300 JPY, 3.00 USD per unit'],
        ['deductions.DAMAGED', 'none', '12.5 %'],
      ],
    },
    {
      rule: 'write amounts by currency, none where there is no limit',
      after: { approval: { onePersonAbove: { EUR: 1_00 }, twoPeopleAbove: { USD: 2_000_00 } }, payoutsPerHour: { KWD: 1 } },
      rows: [
        ['approval.onePersonAbove.USD', '500.00', 'none'],
        ['approval.onePersonAbove.EUR', 'none', '1.00'],
        ['payoutsPerHour.KWD', 'none', '0.001'],
      ],
    },
    {
      rule: 'write waits in their largest whole unit',
      after: { timing: { ...DEFAULT_POLICY.timing, quiet: 0, deadline: 36 * 3_600_000, lookAgain: [1500, 90_000] } },
      rows: [
        ['timing.deadline', '2 d', '36 h'],
        ['timing.lookAgain', '1 min, 10 min, 1 h', '1500 ms, 90 s'],
        ['timing.quiet', '3 s', '0 ms'],
      ],
    },
  ])('$rule', ({ after, rows }) => {
    expect(differences(DEFAULT_POLICY, { ...DEFAULT_POLICY, ...after }).map(({ setting, before, after: here }) => [setting, before, here])).toEqual(
      rows,
    );
  });
});

describe('saga policy compare', () => {
  const compare = (...more: readonly string[]) => runSaga(['policy', 'compare', 'old.yaml', 'new.yaml', '--facts', 'facts', ...more], { folder });

  beforeEach(() => {
    mkdirSync(join(folder, 'facts'));
    for (const name of ['graded-return.json', 'clean-refund.json', 'external-refund.json', 'possible-duplicate.json'])
      cpSync(join(EXAMPLES, name), join(folder, 'facts', name));
    write('facts/read-me.txt', 'no snapshot');
    write('old.yaml', 'version: old\n');
    write('new.yaml', 'version: new\ndeductions: { DAMAGED: { percent: 30 } }\npossibleDuplicate: pay\n');
  });

  it('shows which decisions and amounts would change, file by file, and counts them', async () => {
    expect(await compare()).toEqual({
      code: 0,
      err: '',
      out: [
        'file                     refund                before                                 amount  after      amount  what changes',
        'graded-return.json       rf-1                  pay                                108.00 USD  pay     91.80 USD  amount, lines, payments',
        'possible-duplicate.json  rf-1                  needs_approval POSSIBLE_DUPLICATE   30.00 USD  pay     30.00 USD  decision',
        // The other vase is paid for here, so that this refund of the shop's is one that Buy with Prime has to hear of.
        'possible-duplicate.json  entry credit-note-91  hold                                        -  mirror          -  decision',
        '',
        '4 snapshots, 6 decisions: 3 would change, 3 would not.',
        '',
      ].join('\n'),
    });
  });

  it('shows what stays as it is on demand, refunds, entries and returns', async () => {
    const { out } = await compare('--all');
    expect(out.split('\n').map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['file', 'refund', 'before'],
      ['clean-refund.json', 'rf-1', 'pay'],
      ['external-refund.json', 'entry credit-note-93', 'mirror'],
      ['graded-return.json', 'rf-1', 'pay'],
      ['graded-return.json', 'return rt-1', 'settled'],
      ['possible-duplicate.json', 'rf-1', 'needs_approval POSSIBLE_DUPLICATE'],
      ['possible-duplicate.json', 'entry credit-note-91', 'hold'],
      [''],
      ['4 snapshots, 6 decisions: 3 would change, 3 would not.'],
      [''],
    ]);
  });

  it.each([
    {
      what: 'approvals',
      old: 'approval: { onePersonAbove: { USD: "100.00" } }',
      next: 'approval: { onePersonAbove: { USD: "50.00" }, twoPeopleAbove: { USD: "90.00" } }',
    },
    { what: 'until', file: 'part-graded-return.json', old: '{}', next: 'timing: { returnGrading: 40 d }' },
    { what: 'decision', file: 'part-graded-return.json', old: '{}', next: 'timing: { returnDropOff: 1 d, returnTransit: 1 d, returnGrading: 1 d }' },
    { what: 'payments', old: 'tenderOrder: in_order', next: 'tenderOrder: proportional' },
    { what: 'told', old: 'refundAliasType: ONE', next: 'refundAliasType: TWO' },
    { what: 'decision', old: '{}', next: 'products: { bp-shop: { approval: { onePersonAbove: { USD: "100.00" } } } }' },
  ])('says that $what would change, and nothing else', async ({ what, file, old, next }) => {
    rmSync(join(folder, 'facts'), { recursive: true });
    mkdirSync(join(folder, 'facts'));
    const name = file ?? (what === 'told' ? 'external-refund.json' : 'two-payments.json');
    cpSync(join(EXAMPLES, name), join(folder, 'facts', name));
    write('old.yaml', old);
    write('new.yaml', next);
    expect(JSON.parse((await compare('--json')).out)).toMatchObject({ rows: [{ file: name, changed: [what] }] });
  });

  it('ends with 3 when something would change and that was asked for, with 0 when nothing would', async () => {
    expect((await compare('--fail-on-change')).code).toBe(3);
    write('new.yaml', 'version: new\n');
    expect(await compare('--fail-on-change')).toEqual({
      code: 0,
      err: '',
      out: '4 snapshots, 6 decisions: 0 would change, 6 would not.\n',
    });
  });

  it('lists what it cannot read, compares the rest, and ends with 1', async () => {
    write('facts/aaa.json', '{ "currency": "USD", "at": 1 }');
    write('facts/bbb.json', 'no JSON');
    const { code, out, err } = await compare('--fail-on-change');
    expect(code).toBe(1);
    expect(out).toContain('6 snapshots, 6 decisions: 3 would change, 3 would not. Not every snapshot could be read.\n');
    expect(err).toMatch(/^facts\/aaa\.json: \$\.at: expected an object, found 1\nfacts\/aaa\.json: \$\.readAt: /);
    expect(err).toMatch(/\nfacts\/bbb\.json: expected JSON, found: .*\n$/);
  });

  it('answers as JSON that fits its published schema', async () => {
    write('facts/bbb.json', 'no JSON');
    const answer: unknown = JSON.parse((await compare('--json')).out);
    expect(publishedSchema('policy-compare').problems(answer)).toEqual([]);
    expect(answer).toMatchObject({
      policies: { before: 'old', after: 'new' },
      snapshots: 5,
      decisions: 6,
      changed: 3,
      rows: [
        { file: 'clean-refund.json', subject: 'refund', id: 'rf-1', changed: [] },
        { file: 'external-refund.json', subject: 'entry', id: 'credit-note-93', changed: [] },
        { changed: ['amount', 'lines', 'payments'], before: { amount: { total: '108.00' } }, after: { amount: { total: '91.80' } } },
        { subject: 'return', id: 'rt-1', changed: [], before: { kind: 'settled', outcome: 'DONE' } },
        { changed: ['decision'], before: { kind: 'needs_approval' }, after: { kind: 'pay' } },
        { subject: 'entry', id: 'credit-note-91', changed: ['decision'] },
      ],
      problems: [expect.stringContaining('facts/bbb.json: expected JSON')],
    });
  });

  it.each([
    { facts: 'nowhere', err: 'nowhere: expected a folder of snapshots, found ENOENT\n' },
    { facts: 'old.yaml', err: 'old.yaml: expected a folder of snapshots, found ENOTDIR\n' },
    { facts: 'empty', err: 'empty: expected at least one snapshot (*.json), found none\n' },
  ])('refuses $facts', async ({ facts, err }) => {
    mkdirSync(join(folder, 'empty'));
    expect(await runSaga(['policy', 'compare', 'old.yaml', 'new.yaml', '--facts', facts], { folder })).toEqual({ code: 1, out: '', err });
  });

  it('refuses a bad policy', async () => {
    write('new.yaml', 'payWhen: never\n');
    expect(await compare()).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^new\.yaml:1:10: payWhen: expected /) });
  });
});
