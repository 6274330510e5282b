import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXAMPLES, runSaga } from './run-saga.ts';

const file = 'docs/examples/clean-refund.json';

describe('saga quote', () => {
  it('prints each decision with its explanation, and its amounts under each other', async () => {
    const { code, out, err } = await runSaga(['quote', '--facts', file]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      'Order   ORD-1001 of bp-shop\nRead    2026-04-10T12:00:00Z\nPolicy  default-2\n\nRefund rf-1\n===========\nPay 120.00 USD. ',
    );
    expect(out).toContain('  line     units    item   tax     USD\n  cabinet      1  120.00  0.00  120.00\n  total                         120.00\n');
    expect(out).toContain('  payment       USD\n  payment-1  120.00\n');
    expect(out).toContain('    estimate  difference  status reason\n  120.00 USD        0.00  -\n');
  });

  it('prints what Buy with Prime is told where no money moves, and nothing of amounts', async () => {
    const { out } = await runSaga(['quote', '--facts', 'docs/examples/already-refunded.json']);
    expect(out).toContain(
      '  Buy with Prime is told  total     status reason             alias\n  REJECTED                0.00 USD  REFUND_ALREADY_PROCESSED  -\n',
    );
    expect(out).not.toContain('estimate');
  });

  it('brackets taxes that are inside the prices', async () => {
    const json = readFileSync(join(EXAMPLES, 'graded-return.json'), 'utf8').replace('"captured": {', '"captured": { "pricesIncludeTax": true,');
    const { out } = await runSaga(['quote', '--facts', '-'], { input: json });
    expect(out).toContain('  line     units    item  (tax)     USD\n  sweater      2  100.00   8.00  100.00\n');
  });

  it('reads standard input, and names it where it is wrong', async () => {
    const input = readFileSync(join(EXAMPLES, 'clean-refund.json'), 'utf8');
    const [fromFile, fromInput] = [
      await runSaga(['quote', '--facts', file, '--json']),
      await runSaga(['quote', '--facts', '-', '--json'], { input }),
    ];
    expect(fromInput).toEqual(fromFile);
    expect(await runSaga(['quote', '--facts', '-'], { input: '{}' })).toEqual({
      code: 1,
      out: '',
      err: 'standard input: $.currency: expected an ISO 4217 code such as "USD", found nothing\n',
    });
  });

  it('decides by the policy of the order’s business product', async () => {
    const input = readFileSync(join(EXAMPLES, 'graded-return.json'), 'utf8').replace('"bp-shop"', '"bp-outlet"');
    const { out } = await runSaga(['quote', '--facts', '-', '--policy', 'docs/examples/policy.yaml', '--json'], { input });
    // 12.5 % of the sellable sweater and half of the damaged one: 6.25 + 25.00, and their tax of 0.50 + 2.00
    expect(JSON.parse(out)).toMatchObject({ refunds: [{ amount: { total: '74.25' } }], policyVersion: expect.stringMatching(/^shop-2026-03\+/) });
  });

  it('finds files from where it was started', async () => {
    expect((await runSaga(['quote', '--facts', 'clean-refund.json'], { folder: EXAMPLES })).code).toBe(0);
    expect(await runSaga(['quote', '--facts', 'clean-refund.json'])).toEqual({
      code: 1,
      out: '',
      err: 'clean-refund.json: expected a file that can be read, found ENOENT\n',
    });
  });

  it('refuses a bad policy with its place, before it decides anything', async () => {
    const { code, out, err } = await runSaga(['quote', '--facts', file, '--policy', '-'], { input: 'payWhen: never\n' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^standard input:1:10: payWhen: expected one of .*, found "never"\n$/);
  });
});

describe('saga', () => {
  it.each([
    { args: [], err: /^Usage: saga / },
    { args: ['quot'], err: /^error: unknown command 'quot'\n\(Did you mean quote\?\)/ },
    { args: ['quote'], err: /^error: required option '--facts <file>' not specified/ },
    { args: ['quote', '--facts'], err: /argument missing/ },
    { args: ['quote', '--facts', file, '--jsn'], err: /^error: unknown option '--jsn'/ },
    { args: ['quote', file, '--facts', file], err: /^error: too many arguments/ },
    { args: ['policy'], err: /^Usage: saga policy / },
    { args: ['policy', 'check'], err: /^error: missing required argument 'file'/ },
    { args: ['policy', 'compare', 'a', 'b'], err: /^error: required option '--facts <dir>' not specified/ },
  ])('$args is wrong usage: exit code 2, said on stderr', async ({ args, err }) => {
    expect(await runSaga(args)).toEqual({ code: 2, out: '', err: expect.stringMatching(err) });
  });

  it.each([{ args: ['--help'] }, { args: ['quote', '--help'] }, { args: ['help', 'policy'] }])(
    '$args explains itself on stdout',
    async ({ args }) => {
      expect(await runSaga(args)).toEqual({ code: 0, out: expect.stringMatching(/^Usage: saga /), err: '' });
    },
  );
});
