/** Every workflow type of the service, under the name by which it is started. */

import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import { moneyGate } from './money-gate.ts';
import { order } from './order.ts';

export { notices } from './notices.ts';
export { refund } from './refund.ts';
export { externalRefund, externalReturn, returnSaga as return } from './side.ts';
export { sweep } from './sweep.ts';
export { moneyGate, order };

/**
 * Where workers are versioned, these go on with the newest build at once, so they change behind patches only (docs/changing-workflows.md):
 * they live as long as their order, or for ever. All others end with the build that they began with. Elsewhere it must not be said: the
 * server refuses it.
 */
const movesOn = (): WorkflowDefinitionOptions =>
  (workflowInfo().currentDeploymentVersion?.deploymentName ?? '') === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' };
setWorkflowOptions(movesOn, order);
setWorkflowOptions(movesOn, moneyGate);
