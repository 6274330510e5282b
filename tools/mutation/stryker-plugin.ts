// Stryker's test runner for src/domain: keeps the tests in memory and switches mutants on and off under them.

import { basename, join } from 'node:path';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type CompleteDryRunResult,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { type DomainTest, domainTestFiles, loadDomainTests, loadTests, newLoad, type Outcome, runTests } from './domain-tests.ts';

/** Read by the instrumented sources at every mutated place. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: context });

class DomainTestRunner implements TestRunner {
  /** Loaded while no mutant was active. */
  #clean: readonly DomainTest[] | undefined;
  /** How long each test took last. */
  readonly #spent = new Map<string, number>();
  /** How many mutants of a source file each test file has killed. */
  readonly #kills = new Map<string, Map<string, number>>();

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async dryRun({ disableBail }: DryRunOptions): Promise<DryRunResult> {
    const outcomes = await runTests(await this.#loadClean(), !disableBail, ({ id }) => {
      context.currentTestId = id;
    });
    delete context.currentTestId;
    return { ...this.#report(outcomes), ...(context.mutantCoverage === undefined ? {} : { mutantCoverage: context.mutantCoverage }) };
  }

  async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit, disableBail }: MutantRunOptions): Promise<MutantRunResult> {
    const source = activeMutant.fileName;
    const [root, load] = [process.cwd(), newLoad()];
    const files = this.#closestFirst(domainTestFiles(root), source);
    const clean = mutantActivation === 'runtime' ? await this.#loadClean() : undefined;
    Object.assign(context, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    try {
      const outcomes: Outcome[] = [];
      for (const file of files) {
        const tests = clean?.filter((test) => test.file === join(root, file)) ?? (await loadTests(root, file, load));
        const wanted = tests.filter(({ id }) => testFilter?.includes(id) ?? true);
        outcomes.push(...(await runTests(this.#quickestFirst(wanted), !disableBail, () => {})));
        if (!disableBail && outcomes.at(-1)?.failure !== undefined) break;
      }
      this.#count(outcomes, source);
      return toMutantRunResult(determineHitLimitReached(context.hitCount, context.hitLimit) ?? this.#report(outcomes), disableBail);
    } catch (error) {
      // A mutant that breaks the loading of a module is seen by whoever starts the program; what fails without it as well says nothing of it.
      delete context.activeMutant;
      await loadDomainTests(process.cwd());
      return { status: MutantRunStatus.Killed, killedBy: [], failureMessage: String(error), nrOfTests: 0 };
    } finally {
      Object.assign(context, { activeMutant: undefined, hitLimit: undefined, hitCount: undefined });
    }
  }

  async #loadClean(): Promise<readonly DomainTest[]> {
    this.#clean ??= await loadDomainTests(process.cwd());
    return this.#clean;
  }

  /** Those first that know the source file best: most mutants are killed by one of them. Laws draw many cases, and come last. */
  #closestFirst(files: readonly string[], source: string): string[] {
    const kills = this.#kills.get(source);
    const own = `/${basename(source, '.ts')}.test.ts`;
    const rank = (file: string): number =>
      kills?.get(join(process.cwd(), file)) ?? (file.endsWith(own) ? 1 : file.endsWith('-laws.test.ts') ? -1 : 0);
    return [...files].sort((one, other) => rank(other) - rank(one));
  }

  #count(outcomes: readonly Outcome[], source: string): void {
    const kills = this.#kills.get(source) ?? new Map<string, number>();
    this.#kills.set(source, kills);
    for (const { test, failure } of outcomes) if (failure !== undefined) kills.set(test.file, (kills.get(test.file) ?? 1) + 1);
  }

  #quickestFirst(tests: readonly DomainTest[]): DomainTest[] {
    const spent = ({ id }: DomainTest): number => this.#spent.get(id) ?? 0;
    return [...tests].sort((one, other) => spent(one) - spent(other));
  }

  #report(outcomes: readonly Outcome[]): CompleteDryRunResult {
    const tests = outcomes.map(({ test: { id, file }, ms, failure }): TestResult => {
      if (failure === undefined) this.#spent.set(id, ms);
      const told = { id, name: id, fileName: file, timeSpentMs: ms };
      return failure === undefined ? { ...told, status: TestStatus.Success } : { ...told, status: TestStatus.Failed, failureMessage: failure };
    });
    return { status: DryRunStatus.Complete, tests };
  }
}

/** The name by which Stryker finds plugins in a module. */
export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'domain', DomainTestRunner)];
