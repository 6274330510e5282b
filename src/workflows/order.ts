import { ActivityFailure, condition, continueAsNew, isCancellation, setHandler } from '@temporalio/workflow';
import type { CommandAnswer } from '../contracts/commands.ts';
import { isNews, type OrderMessage } from '../contracts/messages.ts';
import type { OrderResult, OrderState } from '../contracts/order-state.ts';
import type { RefundId } from '../domain/ids.ts';
import { DEFAULT_POLICY, waitAt } from '../domain/policy.ts';
import { look } from './activity-proxies.ts';
import { expectCommand } from './command-checks.ts';
import { Coordinator } from './coordinator.ts';
import { isCrowded, runLength } from './long-run.ts';
import { deliverToOrder, lookAgainCommand, orderStatus } from './messages.ts';
import { showOrder } from './operator-view.ts';
import { OrderAttention } from './order-attention.ts';
import { understood } from './understood.ts';

/**
 * The single writer of one order. Messages are hints: it drains them all, reads the order once, decides, and hands each refund's
 * decision to that refund's saga, with a grant for at most one money call at a time. Closes when nothing is open.
 */
export async function order(start: OrderState): Promise<OrderResult> {
  const inbox: OrderMessage[] = [...start.pending];
  const isLong = runLength(start.maxEvents);
  const coordinator = new Coordinator({ ...start, pending: [], run: start.run ?? Date.now() });
  let timing = DEFAULT_POLICY.timing;
  let trouble: string | null = start.failingSince === null ? null : 'nor did it before this run began';
  let shown: readonly RefundId[] = [];
  let looks = 0;
  const attention = new OrderAttention(start);

  const crowd = { noticed: (): void => {} };
  const crowded = new Promise<null>((resolve) => {
    crowd.noticed = () => resolve(null);
  });
  const goOn = (): Promise<never> => continueAsNew<typeof order>({ ...coordinator.snapshot(), ...attention.kept(), pending: inbox.splice(0) });

  const take = (message: OrderMessage): void => {
    inbox.push(understood(message));
    if (isCrowded(start.maxEvents)) crowd.noticed();
  };
  setHandler(deliverToOrder, take, { description: 'One message about this order; people use the update lookAgain' });
  setHandler(
    lookAgainCommand,
    ({ commandId: id, actor, reason }): CommandAnswer => {
      const repeated = coordinator.hasHeard(id) || inbox.some((message) => 'id' in message && message.id === id);
      inbox.push({ kind: 'look_again', id, actor, reason });
      return { repeated, says: repeated ? 'It was taken before: nothing is done again.' : 'The order is read and decided anew.' };
    },
    { validator: expectCommand, description: 'Have the order read and decided anew: {"commandId": "<new id>", "actor": "<you>", "reason": "<why>"}' },
  );
  setHandler(orderStatus, () => ({ ...coordinator.snapshot(), elsewhere: coordinator.elsewhere, shown, trouble }), {
    description: 'Messages counted, the money call in flight, each refund’s saga, and refunds from elsewhere',
  });
  showOrder(coordinator.snapshot(), trouble, []);

  for (;;) {
    const idle = coordinator.waitsForNothing()
      ? coordinator.staysFor
      : coordinator.looksUnasked()
        ? waitAt(timing.lookAgain, Math.max(coordinator.idleLooks - 1, 0))
        : null;
    await woken(() => inbox.length > 0 || coordinator.lookDue, idle);
    if (inbox.length === 0 && !coordinator.lookDue && coordinator.waitsForNothing()) {
      if (await attention.lastWords(() => inbox.length > 0)) return coordinator.close(); // no await in between
      continue;
    }

    const timedOut = inbox.length === 0 && !coordinator.lookDue;
    const news = coordinator.takeIn(inbox.splice(0));
    if (timedOut || news) {
      const before = trouble;
      looks += 1;
      try {
        const seen = await Promise.race([look.lookAtOrder(start.at), crowded]);
        if (seen === null) return await goOn(); // a look moves nothing: the next run takes its own
        timing = seen.policy.timing;
        shown = seen.bwp.refunds.map(({ id }) => id);
        // Reports that came in meanwhile may tell more than the look does: then what it decides on is read once more.
        const outdated = coordinator.hear(takeReports(inbox));
        const missing = outdated ? [] : await coordinator.act(seen, timedOut);
        trouble = missing.length > 0 ? `Buy with Prime does not show ${missing.join(', ')} yet` : null;
      } catch (error) {
        if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
        trouble = error.cause?.message ?? error.message;
      }
      if (trouble !== null) coordinator.lookFailed(Date.now(), timing.deadline);
      // One bad look may be a read that is older than its event; the second in a row goes on the list of what needs attention.
      attention.looked(coordinator.snapshot(), before === null ? null : trouble);
    }
    showOrder(coordinator.snapshot(), trouble, coordinator.elsewhere);

    // One that is about to close does so; one that only stays goes on.
    const closes = coordinator.waitsForNothing() && inbox.length === 0 && coordinator.staysFor <= timing.quiet;
    if (!closes && isLong({ mayBeLarge: looks < 2 })) await goOn();
  }
}

/** Waits for `due`; with a limit (milliseconds) it also ends by itself. No timer is started when it is due already. */
async function woken(due: () => boolean, limit: number | null): Promise<void> {
  if (due()) return;
  if (limit === null) await condition(due);
  else await condition(due, limit);
}

function takeReports(inbox: OrderMessage[]): OrderMessage[] {
  const reports = inbox.filter(isNews);
  inbox.splice(0, inbox.length, ...inbox.filter((message) => !isNews(message)));
  return reports;
}
