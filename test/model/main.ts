// node test/model/main.ts [--deep] [--only TEXT] [--most N] [--findings N] [--decide FILE] [--json]: explores the scenarios, says what came of
// each, and ends with 1 when a rule did not hold. --decide names the file of another `decide`; --json writes one object a line.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Decide } from './decisions.ts';
import { explore } from './explore.ts';
import { findingText, summary, Totals } from './report.ts';
import { DEEP_SCENARIOS, MOST_STATES, MOST_STATES_DEEP, SCENARIOS } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    deep: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    most: { type: 'string' },
    findings: { type: 'string', default: '1' },
    decide: { type: 'string', default: resolve(import.meta.dirname, '../../src/domain/decide.ts') },
    json: { type: 'boolean', default: false },
  },
});
const { decide } = (await import(pathToFileURL(resolve(values.decide)).href)) as { decide: Decide };
const most = Number(values.most ?? (values.deep ? MOST_STATES_DEEP : MOST_STATES));
const totals = new Totals();
for (const scenario of [...SCENARIOS, ...(values.deep ? DEEP_SCENARIOS : [])].filter(({ name }) => name.includes(values.only))) {
  const started = performance.now();
  const result = explore(scenario, decide, { most, findings: Number(values.findings) });
  totals.add(result);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const text = `${summary(result)}, ${seconds} s\n${result.findings.map(findingText).join('')}`;
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : text);
  if (result.findings.length > 0) process.exitCode = 1;
}
if (!values.json) process.stdout.write(`${totals.text}\n`);
