import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';

const PLUGIN = new URL('../../tools/mutation/stryker-plugin.ts', import.meta.url).href;
const DOMAIN_TESTS = new URL('../../tools/mutation/domain-tests.ts', import.meta.url).href;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bwp-saga-domain-tests-'));
  await mkdir(join(root, 'test/domain'), { recursive: true });
  await writeFile(join(root, 'test/domain/count.ts'), 'let calls = 0;\nexport const count = (): number => ++calls;\n');
});
afterEach(() => rm(root, { recursive: true }));

/** What `script` writes in a plain Node process, in which `load` loads the tests below `root`. */
async function outputOf(test: string, script: string): Promise<string> {
  await writeFile(join(root, 'test/domain/one.test.ts'), test);
  const source = `import { loadDomainTests, runTests } from '${DOMAIN_TESTS}';\nconst load = () => loadDomainTests(${JSON.stringify(root)});\n${script}`;
  const { output } = await runCommand(process.execPath, ['--input-type=module', '--eval', source]);
  return output;
}

const GLOBALS = "import { describe, expect, it } from '@jest/globals';\n";
const RESULTS = "for (const { test, failure } of outcomes) console.log(test.id, failure === undefined ? 'passed' : 'failed');";

describe('the tests of the domain outside Jest', () => {
  const three = `${GLOBALS}describe('it', () => {
    it.each([{ n: 1 }, { n: 2 }])('equals 1: $n', ({ n }) => { expect(n).toBe(1); });
    it('is never reached', () => {});
  });`;

  it('pass and fail as they do in Jest, under the same titles', async () => {
    const output = await outputOf(three, `const outcomes = await runTests(await load(), false, () => {});\n${RESULTS}`);
    expect(output).toBe(
      ['equals 1: 1 (0) passed', 'equals 1: 2 (1) failed', 'is never reached (2) passed']
        .map((line) => `test/domain/one.test.ts it ${line}\n`)
        .join(''),
    );
  });

  it('end with the first failure when asked to', async () => {
    const output = await outputOf(three, `const outcomes = await runTests(await load(), true, () => {});\n${RESULTS}`);
    expect(output).not.toContain('never reached');
  });

  it('get modules of their own with each load', async () => {
    const test = `${GLOBALS}import { count } from './count.ts';\nit('counts', () => { expect(count()).toBe(1); });`;
    const twice =
      'const outcomes = [];\nfor (const tests of [await load(), await load()]) outcomes.push(...(await runTests(tests, false, () => {})));';
    expect((await outputOf(test, `${twice}\n${RESULTS}`)).match(/passed/g)).toHaveLength(2);
  });

  it('do not load with a hook, which nobody would run', async () => {
    const output = await outputOf("import { beforeEach } from '@jest/globals';\nbeforeEach(() => {});", 'await load();');
    expect(output).toContain("does not provide an export named 'beforeEach'");
  });
});

describe('a mutant', () => {
  const run = `process.chdir(ROOT);
    const { strykerPlugins: [{ injectableClass: Runner }] } = await import(PLUGIN);
    const options = { activeMutant: { id: '7', fileName: 'src/domain/one.ts' }, mutantActivation: 'static', disableBail: false };
    await new Runner().mutantRun(options).then(({ status }) => console.log(status), (error) => console.log('no result:', error.code));`;
  const script = () => run.replace('ROOT', JSON.stringify(root)).replace('PLUGIN', JSON.stringify(PLUGIN));

  it('is killed by a module that does not load with it', async () => {
    const test = `${GLOBALS}if (globalThis.__stryker__.activeMutant === '7') throw new Error('broken');\nit('loads', () => {});`;
    expect(await outputOf(test, script())).toBe('killed\n');
  });

  it('is not killed by a module that does not load without it either', async () => {
    expect(await outputOf("import './gone.ts';", script())).toBe('no result: ERR_MODULE_NOT_FOUND\n');
  });

  it('survives tests that pass with it', async () => {
    expect(await outputOf(`${GLOBALS}it('passes', () => {});`, script())).toBe('survived\n');
  });
});
