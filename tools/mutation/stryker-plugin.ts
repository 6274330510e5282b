// Stryker's test runner for src/domain: keeps the tests in memory and switches mutants on and off under them.
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
import { type DomainTest, loadDomainTests, type Outcome, runTests } from './domain-tests.ts';

/** Read by the instrumented sources at every mutated place. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: context });

class DomainTestRunner implements TestRunner {
  /** Loaded while no mutant was active. */
  #clean: readonly DomainTest[] | undefined;
  /** How long each test took last. */
  readonly #spent = new Map<string, number>();

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
    if (mutantActivation === 'runtime') await this.#loadClean();
    Object.assign(context, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    try {
      const tests = mutantActivation === 'runtime' ? await this.#loadClean() : await loadDomainTests(process.cwd());
      const wanted = testFilter === undefined ? tests : tests.filter(({ id }) => testFilter.includes(id));
      const outcomes = await runTests(this.#quickestFirst(wanted), !disableBail, () => {});
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
