/** Every workflow type of the service, under the name by which it is started. */

export { moneyGate } from './money-gate.ts';
export { notices } from './notices.ts';
export { order } from './order.ts';
export { refund } from './refund.ts';
export { externalRefund, externalReturn, returnSaga as return } from './side.ts';
export { sweep } from './sweep.ts';
