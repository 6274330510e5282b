import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

/** The workflows as a worker takes them: the bundle at `path`, or one made of the sources now, which takes some seconds. */
export async function workflowBundle(path: string | null): Promise<WorkflowBundleOption> {
  if (path !== null) return { codePath: path };
  const workflowsPath = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}
