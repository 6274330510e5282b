import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For npm run mutation (tools/mutation). */
export default {
  mutate: ['src/domain/**/*.ts'],
  plugins: ['./tools/mutation/stryker-plugin.ts'],
  testRunner: 'domain',
  coverageAnalysis: 'perTest',
  // Tests are run without types, and so are mutants.
  disableTypeChecks: false,
  ignorePatterns: ['/*', '!/src', '!/test', '!/tools', '!/package.json'],
  // Beside the project, so that Jest and the checks never see a mutant.
  tempDirName: join(tmpdir(), 'bwp-saga-mutants'),
  concurrency: 2,
  // Modules that were loaded for one mutant are never freed.
  maxTestRunnerReuse: 200,
  // Far above what a test takes on a busy machine, since a mutant that runs out of time counts as killed.
  timeoutMS: 120_000,
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'coverage/mutation.html' },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  warnings: { slow: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
