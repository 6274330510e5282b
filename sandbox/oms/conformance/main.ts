import { parseArgs } from 'node:util';
import type { CheckResult } from './check.ts';
import { runConformance } from './conformance.ts';

const USAGE = `Checks a facade of the OMS contract (sandbox/oms/openapi.yaml, docs/adapter.md) from the outside.

  npm run conformance -- --url URL (--order ID | --admin URL) [--token T] [--only TEXT]

  --url URL     base URL of the facade
  --order ID    a captured order to try refunds on: each check refunds a few minor units of it, about 200 in all, for real
  --admin URL   base URL of a reference OMS behind the facade: it makes an order for each check and plays the faults that
                a facade cannot be told to play; what needs it is reported as skipped without it
  --token T     bearer token for the facade
  --only TEXT   only the checks whose name contains TEXT

To see it pass: start "node sandbox/oms/main.ts" and give the URL that it prints as --url and as --admin.
Exit code 0: nothing failed. 1: a check failed, or the facade could not be reached. 2: nothing was checked.`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    admin: { type: 'string' },
    order: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help || values.url === undefined || (values.order === undefined && values.admin === undefined)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

const MARKS = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const;
const show = ({ name, result, note }: CheckResult): void => console.log(`${MARKS[result]}  ${name}${note === '' ? '' : `\n      ${note}`}`);

console.log(`Conformance of ${values.url}\n`);
try {
  const results = await runConformance(
    { url: values.url, token: values.token, adminUrl: values.admin, orderId: values.order, only: values.only },
    show,
  );
  const count = (kind: CheckResult['result']): number => results.filter(({ result }) => result === kind).length;
  console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  process.exitCode = count('failed') > 0 ? 1 : results.length === 0 ? 2 : 0;
} catch (error) {
  console.log(`stopped: ${(error as Error).message}`);
  process.exitCode = 1;
}
