// npm run planted-bugs [-- --only TEXT] [-- --trace]: makes each mistake of test/model/bugs.ts in a copy of src/domain and lets the model of
// test/model look for it. Prints a table; ends with 1 when one was not found.
import { parseArgs } from 'node:util';
import { BUGS } from '../test/model/bugs.ts';
import { hunt } from '../test/model/planted-bug.ts';
import { findingText } from '../test/model/report.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, trace: { type: 'boolean', default: false } } });
const chosen = BUGS.filter(({ name }) => name.includes(values.only));
let missed = 0;
console.log('| Bug | Found by | In scenario | States until then | Steps |\n|---|---|---|---|---|');
for (const bug of chosen) {
  const { finding, states } = await hunt(bug);
  if (finding === null) missed += 1;
  const count = states.toLocaleString('en');
  console.log(
    finding === null
      ? `| ${bug.name} | NOT FOUND | ${bug.scenario} | ${count} | |`
      : `| ${bug.name} | ${finding.check} | ${bug.scenario} | ${count} | ${finding.trace.length} |`,
  );
  if (finding !== null && values.trace) console.log(findingText(finding));
}
console.log(`\n${chosen.length - missed} of ${chosen.length} found`);
if (missed > 0 || chosen.length === 0) process.exitCode = 1;
