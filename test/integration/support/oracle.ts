// Judges an order by what the two other sides have on record, and by nothing else: no line of src is used here, so that a mistake there
// cannot hide itself. G1 to G6 are the guarantees of docs/testing.md; G8, the agreement of both sides, is in oracle-agreement.ts.
import {
  type Call,
  type Delivered,
  type Entry,
  type Fault,
  fault,
  isEnded,
  isGone,
  minor,
  type OmsSide,
  ours,
  type Records,
  sum,
} from './oracle-records.ts';

const heldOf = (entry: Entry, at?: string): number =>
  isGone(entry, at) ? 0 : isEnded(entry) ? minor(entry.paid) : Math.max(minor(entry.total), minor(entry.paid));

/**
 * What must never be wrong, whenever it is asked: G1 (nothing of ours above what was captured, nor a unit twice), G2 (a refund is paid once),
 * G3 (one money call at a time), G4 (an unknown outcome is read back before it is sent again), G6 (what is paid was asked for).
 * `longestRequestMs`: with an OMS that ignores keys, how long a call may live there, which a second one has to wait out.
 */
export function moneyFaults(records: Records, { longestRequestMs = 0 }: { readonly longestRequestMs?: number } = {}): readonly Fault[] {
  return [...capFaults(records.oms), ...paidOnceFaults(records.oms), ...callFaults(records.calls, longestRequestMs), ...askedFaults(records)];
}

/** G1, call by call: at each of our payments, all that was there before it and itself fit into what was captured. */
function capFaults({ order, ledger: { entries } }: OmsSide): readonly Fault[] {
  const captured = sum(order.payments.map((payment) => minor(payment.captured)));
  return ours({ entries }).flatMap((entry) => {
    if (isGone(entry)) return [];
    const before = entries.slice(0, entries.indexOf(entry)).filter((other) => !isGone(other, entry.createdAt));
    const together = [...before, entry];
    const held = sum(together.map((each) => (each === entry ? heldOf(each) : heldOf(each, entry.createdAt))));
    const above = held > captured ? [fault('G1', entry.key, `with it ${held} of ${captured} captured cents are taken`)] : [];
    return [
      ...above,
      ...order.lines.flatMap((line) => {
        const on = together.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === line.id));
        if (!entry.lines.some(({ lineId }) => lineId === line.id)) return [];
        const worth = line.quantity * minor(line.unitPrice) + minor(line.tax);
        const amount = sum(on.map((each) => minor(each.amount)));
        const units = sum(on.map((each) => each.units ?? 0));
        return [
          ...(amount > worth ? [fault('G1', entry.key, `with it ${amount} of ${worth} cents of ${line.id} are taken`)] : []),
          ...(units > line.quantity ? [fault('G1', entry.key, `with it ${units} of ${line.quantity} units of ${line.id} are paid`)] : []),
        ];
      }),
    ];
  });
}

/** G2: one payment per refund that holds money, each key paid up to its total and as its entry says. */
function paidOnceFaults({ ledger, payouts }: OmsSide): readonly Fault[] {
  const paidUnder = (key: string): number =>
    sum(payouts.filter((payout) => payout.key === key && payout.state !== 'FAILED').map(({ amount }) => minor(amount)));
  const byEntry = ledger.entries.flatMap((entry) => {
    const paid = paidUnder(entry.key);
    if (entry.source !== 'BWP') return [];
    return [
      ...(paid > minor(entry.total) ? [fault('G2', entry.key, `${paid} cents were paid under a key of ${minor(entry.total)}`)] : []),
      ...(paid !== minor(entry.paid) ? [fault('G2', entry.key, `payouts are ${paid} cents, its entry says ${minor(entry.paid)}`)] : []),
      ...(/~\d+$/.test(entry.key) ? [fault('G2', entry.key, 'a known key was sent again to an OMS that pays such a call again')] : []),
    ];
  });
  const strays = payouts
    .filter(({ key }) => !ledger.entries.some((entry) => entry.key === key))
    .map(({ key }) => fault('G2', key, 'paid without an entry'));
  const refunds = [...new Set(ours(ledger).map(({ bwpRefundId }) => bwpRefundId ?? ''))];
  const twice = refunds.flatMap((refund) => {
    const holding = ours(ledger, refund).filter((entry) => !isGone(entry));
    return holding.length > 1 ? [fault('G2', refund, `paid under ${holding.map(({ key }) => key).join(' and ')}`)] : [];
  });
  return [...byEntry, ...strays, ...twice];
}

const isUnknown = (status: number | null): boolean => status === null || status >= 500;

/**
 * G3 and G4 by the OMS's own log: while a call is being answered, or its outcome is unknown, no other key is sent, and the same only after a
 * read-back.
 */
function callFaults(calls: readonly Call[], longestRequestMs: number): readonly Fault[] {
  const faults: Fault[] = [...besideFaults(calls)];
  let open: { readonly key: string | null; readonly at: number; readBack: boolean } | null = null;
  for (const { operation, key, status, at } of calls) {
    if (operation === 'putRefund') {
      if (open !== null && open.key !== key) faults.push(fault('G3', String(key), `sent while the outcome of ${open.key} was unknown`));
      else if (open !== null) {
        const waited = Date.parse(at) - open.at;
        if (!open.readBack) faults.push(fault('G4', String(key), 'sent again without a read-back after an unknown outcome'));
        if (waited < longestRequestMs)
          faults.push(fault('G4', String(key), `sent again after ${waited} ms, while the first could still take effect`));
      }
      if (isUnknown(status)) open = { key, at: Date.parse(at), readBack: false };
      else if (status !== 429) open = null;
    } else if (open !== null && open.key === key) {
      const isCertain = operation === 'getRefund' ? status === 200 : operation === 'deleteRefund' && status !== null && status < 300;
      if (isCertain) open = null;
      else if (operation === 'getRefund' && status === 404) open.readBack = true;
    }
  }
  return faults;
}

function besideFaults(calls: readonly Call[]): readonly Fault[] {
  const answered = calls.filter(({ operation, status }) => operation === 'putRefund' && status !== null);
  return answered.slice(1).flatMap((call, index) => {
    const before = answered[index];
    const isBeside = before !== undefined && before.key !== call.key && Date.parse(call.at) < Date.parse(before.at) + (before.ms ?? 0);
    return isBeside ? [fault('G3', String(call.key), `sent while ${before.key} was being answered`)] : [];
  });
}

/** G6: money of ours is for a refund that Buy with Prime asked for, and for no more units than it did. */
function askedFaults({ bwp, oms }: Records): readonly Fault[] {
  return ours(oms.ledger).flatMap((entry) => {
    if (isGone(entry)) return [];
    const refund = bwp.refunds.details.find(({ id }) => id === entry.bwpRefundId);
    if (refund === undefined || refund.origin !== 'requested') return [fault('G6', entry.key, 'Buy with Prime never asked for it')];
    return entry.lines.flatMap(({ lineId, units }) => {
      const asked = sum(refund.refundFor.orderLineItems.filter(({ lineItem }) => lineItem.id === lineId).map(({ amount }) => amount.value));
      return (units ?? 0) > asked ? [fault('G6', entry.key, `${units} units of ${lineId} were paid, ${asked} were asked for`)] : [];
    });
  });
}

/**
 * G9, where no person was asked anything: units that refunds ask for are refunded once all is quiet, by whomever, as far as there are any and
 * the order's money is not all gone already. A refund that Buy with Prime shows as failed asks for none.
 */
export function unpaidFaults({ bwp, oms }: Records): readonly Fault[] {
  const captured = sum(oms.order.payments.map((payment) => minor(payment.captured)));
  if (sum(oms.ledger.entries.map((entry) => heldOf(entry))) >= captured) return [];
  const asking = bwp.refunds.details.filter(({ origin, state }) => origin === 'requested' && state !== 'FAILURE');
  return oms.order.lines.flatMap(({ id, quantity }) => {
    const asked = sum(
      asking.flatMap(({ refundFor }) => refundFor.orderLineItems.filter(({ lineItem }) => lineItem.id === id).map(({ amount }) => amount.value)),
    );
    const paid = sum(
      oms.ledger.entries
        .filter(({ state }) => state === 'SUCCEEDED')
        .flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === id).map(({ units }) => units ?? 0)),
    );
    const owed = Math.min(asked, quantity);
    return paid < owed ? [fault('G9', id, `${owed} units were asked for and could be had, ${paid} are refunded`)] : [];
  });
}

/** Counts of a coordinator; they stand nowhere but in Temporal. */
export type Counts = { readonly accepted: number; readonly applied: number; readonly duplicate: number; readonly parked: number };

/** G5. `delivered`: how many messages were taken from the outside, where that is known. */
export function countFaults(order: string, { accepted, applied, duplicate, parked }: Counts, delivered?: Delivered): readonly Fault[] {
  const faults: Fault[] = [];
  if (accepted !== applied + duplicate + parked) {
    faults.push(fault('G5', order, `accepted ${accepted}, applied ${applied}, duplicate ${duplicate}, parked ${parked}`));
  }
  if (delivered !== undefined && (accepted < delivered.least || accepted > delivered.most))
    faults.push(fault('G5', order, `${delivered.least} to ${delivered.most} messages were delivered, ${accepted} accepted`));
  return faults;
}

/** The money outcome of an order in words that are the same whenever the same was paid, for comparing orders with each other. */
export function moneyOutcome({ bwp, oms }: Records): string {
  const paid = ours(oms.ledger)
    .filter((entry) => !isGone(entry))
    .map(({ bwpRefundId, state, paid: amount }) => `${bwpRefundId} ${state} ${minor(amount)}`);
  const shown = bwp.refunds.details.map(
    ({ id, origin, state, refundTotal, aliases }) =>
      `${origin === 'requested' ? id : aliases.map(({ aliasId }) => aliasId).join('+')} ${state} ${minor(refundTotal.totalAmount.amount)}`,
  );
  return `paid ${paid.sort().join(', ')}; shown ${shown.sort().join(', ')}`;
}
