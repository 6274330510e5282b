import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type Logger, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The workflows as a worker takes them: the bundle at `path`, or one made of the sources now, which takes some seconds. */
export async function workflowBundle(path: string | null): Promise<WorkflowBundleOption> {
  if (path !== null) return { codePath: path };
  return bundleWorkflows(fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url)));
}

/** Bundles the workflows that the module at `index` exports. */
export const bundleWorkflows = (index: string, logger: Logger = new DefaultLogger('WARN')): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({ workflowsPath: index, logger });
