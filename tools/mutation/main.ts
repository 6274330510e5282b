// npm run mutation [-- src/domain/caps.ts …]: changes src/domain in every way that Stryker knows, one place at a time, and tells which changes no test
// of the domain noticed. Settings: stryker.config.mjs; reports: coverage/mutation.{html,json}. Exit code 1 below the threshold.
import { Stryker } from '@stryker-mutator/core';

// Mutants are many: what a law finds it finds in few cases, and the rules beside it need none.
process.env['BWP_SAGA_RUNS'] ??= '20';

const files = process.argv.slice(2);
try {
  await new Stryker(files.length === 0 ? {} : { mutate: files }).runMutationTest();
} catch {
  process.exitCode = 1; // Stryker has told why.
}
