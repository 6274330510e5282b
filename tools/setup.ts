// node tools/run.mjs tools/setup.ts: gets both local Temporal servers ready and says where they are.
import { findTemporalCli } from './find-temporal-cli.ts';
import { findTimeSkippingServer } from './find-test-server.ts';

const finders = { 'Temporal CLI': findTemporalCli, 'Temporal test server': findTimeSkippingServer };
for (const [name, find] of Object.entries(finders)) {
  try {
    console.log(`${name}: ${await find()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
