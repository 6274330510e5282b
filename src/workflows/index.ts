/** Every workflow type of the service, under the name by which it is started. */

import { setWorkflowOptions } from '@temporalio/workflow';
import { moneyGate } from './money-gate.ts';
import { order } from './order.ts';

export { notices } from './notices.ts';
export { refund } from './refund.ts';
export { externalRefund, externalReturn, returnSaga as return } from './side.ts';
export { sweep } from './sweep.ts';
export { moneyGate, order };

// Where workers are versioned, these go on with the newest build at once, so they change behind patches only (docs/changing-workflows.md):
// they live as long as their order, or for ever. All others end with the build that they began with.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, order);
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, moneyGate);
