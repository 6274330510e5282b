// The tests of the domain, loaded once into a plain Node process and run as often as there are mutants: a start of Jest costs two seconds, a thousand
// mutants cost an hour of them. Jest's own circus collects the tests and Jest's own expect judges; only the running is done here.
import { globSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { getState, resetState } from 'jest-circus';
import { RUNS } from '../../test/support/laws.ts';

export type DomainTest = { readonly id: string; readonly file: string; readonly run: () => unknown };
export type Outcome = { readonly test: DomainTest; readonly ms: number; readonly failure?: string };

type Block = ReturnType<typeof getState>['rootDescribeBlock'];

const JEST_GLOBALS = new URL('jest-globals.ts', import.meta.url).href;
let loads = 0;
/** By file, without types: taking them off is most of what a load costs. */
const sources = new Map<string, string>();

/** Node warns that this may change; its version is pinned. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

// Each load gets modules of its own: Node takes an address with another query for another module.
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === '@jest/globals') return { url: JEST_GLOBALS, shortCircuit: true };
    const load = specifier.startsWith('.') ? /\?load=\d+$/.exec(context.parentURL ?? '')?.[0] : undefined;
    return next(load === undefined ? specifier : specifier + load, context);
  },
  load: (url, context, next) => {
    const [file = '', load] = url.split('?');
    if (load === undefined || !file.endsWith('.ts')) return next(url, context);
    const source = sources.get(file) ?? withoutTypes(readFileSync(new URL(file), 'utf8'));
    sources.set(file, source);
    return { format: 'module', source, shortCircuit: true };
  },
});
// A law that fails has killed its mutant: nobody reads the smallest case.
fc.configureGlobal({ ...RUNS, endOnFailure: true });

/** A new set of modules: test files that are imported into it share what they import. */
export function newLoad(): number {
  loads += 1;
  return loads;
}

/** The test files of the domain below `root`. */
export const domainTestFiles = (root: string): readonly string[] => globSync('test/domain/**/*.test.ts', { cwd: root }).sort();

/** Imports one test file, and what it imports that the load does not have yet. @throws whatever a file throws while it loads. */
export async function loadTests(root: string, file: string, load: number): Promise<DomainTest[]> {
  resetState();
  await import(`${pathToFileURL(join(root, file)).href}?load=${load}`);
  return testsOf(getState().rootDescribeBlock, []).map(({ titles, run }, index) => ({
    id: `${file} ${titles.join(' ')} (${index})`,
    file: join(root, file),
    run,
  }));
}

/** Imports every test file, and all that it imports, anew. @throws as `loadTests`. */
export async function loadDomainTests(root: string): Promise<DomainTest[]> {
  const load = newLoad();
  const tests: DomainTest[] = [];
  for (const file of domainTestFiles(root)) tests.push(...(await loadTests(root, file, load)));
  return tests;
}

function testsOf(block: Block, path: readonly string[]): { titles: string[]; run: () => unknown }[] {
  return block.children.flatMap((child) => {
    const titles = [...path, String(child.name)];
    if (child.type === 'describeBlock') return testsOf(child, titles);
    const run = child.fn as (() => unknown) | undefined;
    return run === undefined || child.mode === 'skip' || child.mode === 'todo' ? [] : [{ titles, run }];
  });
}

/** Runs tests one after the other, and with `bail` none after the first that fails. */
export async function runTests(tests: readonly DomainTest[], bail: boolean, before: (test: DomainTest) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const test of tests) {
    before(test);
    const started = performance.now();
    const failure = await failureOf(test);
    outcomes.push({ test, ms: performance.now() - started, ...(failure === undefined ? {} : { failure }) });
    if (bail && failure !== undefined) break;
  }
  return outcomes;
}

async function failureOf({ run }: DomainTest): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
