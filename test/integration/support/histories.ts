import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { eventually } from './eventually.ts';

/** What stands before a file of this repository or of a package in a stack trace, wherever either is installed. */
const FOLDERS = /(?<=\(|\bat )(?:file:\/\/)?\/[^\s"()]*?\/(?=(?:node_modules|src|sandbox|test|tools)\/)/g;

export type Run = { readonly runId: string; readonly status: string };

/** Every run under a workflow id, oldest first; none when the id was never used. Waits until the list knows the newest one as it is. */
export async function runsOf(client: Client, workflowId: string): Promise<readonly Run[]> {
  const newest = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => null);
  if (newest === null) return [];
  return eventually(
    async () => {
      const runs: (Run & { startTime: Date })[] = [];
      for await (const { runId, status, startTime } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        runs.push({ runId, status: status.name, startTime });
      }
      return runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
    },
    (runs) => runs.some(({ runId, status }) => runId === newest.runId && status === newest.status.name),
  );
}

/** Writes the history of each run of `workflowIds` into the folder RECORD_HISTORIES, named by behaviour, workflow type and version. */
export async function recordHistories(client: Client, behaviour: string, workflowIds: readonly string[]): Promise<void> {
  const folder = process.env['RECORD_HISTORIES'];
  if (folder === undefined) return;
  const version = process.env['RECORD_VERSION'] ?? 'unreleased';
  await mkdir(folder, { recursive: true });
  const written = new Map<string, number>();
  for (const workflowId of workflowIds) {
    const type = workflowId.split(':')[0] ?? '';
    for (const { runId } of await runsOf(client, workflowId)) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      if (!history.events?.some(({ workflowTaskCompletedEventAttributes: done }) => done != null)) continue; // a replay would wait for its first task
      const number = (written.get(type) ?? 0) + 1;
      written.set(type, number);
      const name = `${behaviour}.${type}-${number}.v${version}.json`;
      const text = JSON.stringify({ workflowId, history: JSON.parse(historyToJSON(history)) });
      await writeFile(join(folder, name), text.replaceAll(FOLDERS, '')); // stack traces name files of this machine
    }
  }
}
