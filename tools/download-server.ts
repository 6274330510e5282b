// node tools/download-server.ts dev-server|time-skipping VERSION FOLDER
// Has the Temporal SDK download a server into FOLDER; it also starts the server, which is stopped at once. A process of its own, so that
// whoever asks can end it: behind a firewall the download may hang.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, version, downloadDir] = process.argv.slice(2);
if (version === undefined || downloadDir === undefined) throw new Error('Usage: download-server.ts dev-server|time-skipping VERSION FOLDER');
const server = { executable: { type: 'cached-download', version, downloadDir } } as const;
const env =
  kind === 'dev-server' ? await TestWorkflowEnvironment.createLocal({ server }) : await TestWorkflowEnvironment.createTimeSkipping({ server });
await env.teardown();
