import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CommandAnswer } from '../contracts/commands.ts';
import { orderWorkflowId } from '../contracts/identifiers.ts';
import type { GateAnswer, GateCommand, GateState, ReserveRequest, Waking } from '../contracts/money-gate.ts';
import { GATE_STANDING, GATE_UPDATE } from '../contracts/money-gate.ts';
import { ATTRIBUTE } from '../contracts/search-attributes.ts';
import { STATUS } from '../contracts/status.ts';
import type { OrderRef } from '../domain/ids.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import { deliverToOrder } from './messages.ts';
import { GateBook } from './money-gate-book.ts';
import { expectGateCommand, expectReserve, expectStop } from './money-gate-checks.ts';
import { gateDetails } from './money-gate-view.ts';

const MAX_EVENTS = 2000;
/** Orders woken at once, and the time until the next ones: a look is a call of Buy with Prime and of the OMS. */
const PAGE = 50;
const BETWEEN_PAGES = '1 second';
const STOPPED: AttentionReason = 'MONEY_STOPPED';

const reserve = defineUpdate<GateAnswer, [ReserveRequest]>(GATE_UPDATE.reserve);
const stop = defineUpdate<CommandAnswer, [GateCommand]>(GATE_UPDATE.stop);
const go = defineUpdate<CommandAnswer, [GateCommand]>(GATE_UPDATE.go);
const standing = defineQuery<GateAnswer, [OrderRef]>(GATE_STANDING);
const status = defineQuery<GateState>(STATUS);

/**
 * The gate that every payout of a business product (or of the deployment) passes: says whether a grant may be given, and halts payouts by
 * hand or when the policy's cap is reached. Never ends, and cancelling it does nothing: a gate that is gone would have forgotten its stop.
 */
export async function moneyGate(start: GateState): Promise<never> {
  return CancellationScope.nonCancellable(() => run(start));
}

async function run(start: GateState): Promise<never> {
  const book = new GateBook(start);
  let flagged = start.flagged;
  let handled = 0;
  const snapshot = (): GateState => book.snapshot(Date.now());
  const show = (): void => setCurrentDetails(gateDetails(snapshot()));
  const answered = <Answer>(answer: Answer): Answer => {
    handled += 1;
    show();
    return answer;
  };

  setHandler(reserve, (request) => answered(book.reserve(request, Date.now())), {
    validator: (request) => expectReserve(start, request),
    description: 'Coordinators ask here right before they grant a money call; nothing for people',
  });
  setHandler(stop, (command) => answered(book.stop(command, Date.now())), {
    validator: (command) => expectStop(start, command, book.isCrowded),
    description: `Halts payouts: {"commandId":"<new id>","actor":"<you>","reason":"<why>"${start.product === null ? '' : ',"orderId":"<only this order>"'}}`,
  });
  setHandler(go, (command) => answered(book.go(command, Date.now())), {
    validator: (command) => expectGateCommand(start, command),
    description: 'Lets payouts go on, what `stop` takes; orders that waited are looked at again',
  });
  setHandler(standing, (at) => book.standing(at), {
    description: 'Whether payouts of an order are stopped: {"businessProductId":"…","orderId":"…"}',
  });
  setHandler(status, snapshot, { description: 'What is stopped, what was let through within the hour, which orders wait' });
  show();

  const long = (): boolean => {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return handled > 0 && (continueAsNewSuggested || historyLength > (start.maxEvents ?? MAX_EVENTS));
  };
  for (;;) {
    await condition(() => book.hasToWake || book.stopped !== flagged || long());
    if (book.stopped !== flagged) {
      flagged = book.stopped;
      upsertSearchAttributes([
        { key: ATTRIBUTE.needsAttention, value: flagged },
        { key: ATTRIBUTE.attentionReason, value: flagged ? STOPPED : null },
      ]);
    }
    const page = book.takeWaking(PAGE);
    if (page !== null) await Promise.all(page.orders.map((at) => wake(at, page)));
    if (page !== null) handled += 1;
    if (book.hasToWake) await sleep(BETWEEN_PAGES);
    show();
    if (long()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof moneyGate>({ ...snapshot(), flagged });
    }
  }
}

/** A coordinator that is gone needs no word: whatever starts it again makes it look. */
async function wake(at: OrderRef, { id, actor, reason }: Waking): Promise<void> {
  try {
    await getExternalWorkflowHandle(orderWorkflowId(at)).signal(deliverToOrder, { kind: 'look_again', id, actor, reason: `money go: ${reason}` });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    if (error.type !== 'ExternalWorkflowExecutionNotFound') log.warn('an order could not be woken', { orderId: at.orderId, error });
  }
}
