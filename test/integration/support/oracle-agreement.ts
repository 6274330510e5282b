import {
  type Alias,
  type BwpSide,
  type Entry,
  type ExternalReturn,
  type Fault,
  fault,
  isEnded,
  isGone,
  minor,
  type OmsSide,
  ours,
  type Records,
  type ShownRefund,
  type ShownReturn,
  type Told,
} from './oracle-records.ts';

/**
 * G8: where both sides differ. Right once all is quiet; what is in a person's hands may differ, which the records cannot tell.
 */
export function agreementFaults({ bwp, oms }: Records): readonly Fault[] {
  return [
    ...bwp.refunds.details.flatMap((refund) => refundFaults(refund, oms)),
    ...oms.ledger.entries.filter(({ source }) => source === 'EXTERNAL').flatMap((entry) => mirrorFaults(entry, bwp)),
    ...bwp.returns.details.flatMap((shown) => toldFaults(shown, oms)),
    ...oms.returns.external.flatMap((external) => externalReturnFaults(external, bwp)),
  ];
}

const carries = ({ aliases }: { readonly aliases: readonly Alias[] }, id: string): boolean => aliases.some(({ aliasId }) => aliasId === id);
const externalIdOf = ({ externalId, key }: Entry): string => externalId ?? key;

/** What Buy with Prime shows of a refund is what the OMS holds of it: state, amount, alias, each payout once. */
function refundFaults(refund: ShownRefund, { ledger, payouts }: OmsSide): readonly Fault[] {
  const wrong = (what: string): readonly Fault[] => [fault('G8', refund.id, what)];
  const shown = minor(refund.refundTotal.totalAmount.amount);
  const own = ours(ledger, refund.id).findLast((entry) => !isGone(entry));
  const mirrored = ledger.entries.find((entry) => entry.source === 'EXTERNAL' && carries(refund, externalIdOf(entry)));
  const stands = own ?? mirrored;
  if (stands === undefined) {
    if (refund.state !== 'REJECTED' && refund.state !== 'FAILURE') return wrong(`shown as ${refund.state}, while the OMS holds nothing for it`);
    return shown === 0 && refund.paymentDetails.length === 0 ? [] : wrong(`${refund.state} with ${shown} cents`);
  }
  if (stands.state !== 'SUCCEEDED') {
    const expected = isEnded(stands) ? 'FAILURE' : 'PENDING';
    return refund.state === expected && stands === mirrored ? [] : wrong(`shown as ${refund.state}, while the OMS has it ${stands.state}`);
  }
  const told = refund.paymentDetails.map(({ id, amount }) => `${id} ${minor(amount.amount)}`).sort();
  const paid = payouts.filter(({ key, state }) => key === stands.key && state === 'SUCCESS').map(({ id, amount }) => `${id} ${minor(amount)}`);
  return [
    ...(refund.state === 'SUCCESS' ? [] : wrong(`shown as ${refund.state}, while the OMS has paid it`)),
    ...(shown === minor(stands.paid) ? [] : wrong(`${shown} cents are shown, ${minor(stands.paid)} were paid`)),
    ...(carries(refund, stands === own ? stands.key : externalIdOf(stands)) ? [] : wrong(`does not carry ${stands.key} as its alias`)),
    ...(told.join() === paid.sort().join() ? [] : wrong(`shows the payments ${told.join(', ')}; the OMS has ${paid.join(', ')}`)),
  ];
}

/** A refund that the OMS made by itself is shown exactly once, and one that failed at most as a failure. */
function mirrorFaults(entry: Entry, { refunds }: BwpSide): readonly Fault[] {
  const id = externalIdOf(entry);
  const records = refunds.details.filter((refund) => carries(refund, id));
  const expected = entry.state === 'SUCCEEDED' ? 1 : 0;
  if (records.length === expected || (records.length === 1 && expected === 0)) return [];
  return [fault('G8', id, `${entry.state} in the OMS, and ${records.length} refunds of Buy with Prime carry it`)];
}

/** A return that was opened at Buy with Prime stands in the OMS as it is shown. */
function toldFaults(shown: ShownReturn, { returns }: OmsSide): readonly Fault[] {
  if (shown.origin !== 'requested' || shown.state === 'DRAFT') return [];
  const told = returns.told.find(({ id }) => id === shown.id);
  if (told === undefined) return [fault('G8', shown.id, 'the OMS was never told of this return')];
  const a = pictureShown(shown);
  const b = pictureTold(told);
  return a === b ? [] : [fault('G8', shown.id, `shown as ${a}, told as ${b}`)];
}

function pictureShown({ state, returnReasonTerm, returnPackageDetails, returnLineItems }: ShownReturn): string {
  const packages = returnPackageDetails.map(
    (each) => `${each.id} ${each.state} ${each.packageTracker?.packageTrackerIdentifier?.trackingNumber ?? ''}`,
  );
  const lines = returnLineItems.map(({ orderLineItem: { lineItem, amount }, grading }) => {
    const graded = (grading?.summary.unitWiseCondition ?? []).map((each) => `${each.amount.value} ${each.condition.toUpperCase()}`).sort();
    return `${amount.value} of ${lineItem.id} (${graded.join(', ')})`;
  });
  return [state, returnReasonTerm?.reasonCode ?? '', ...packages.sort(), ...lines.sort()].join('; ');
}

function pictureTold({ state, reason, packages, lines }: Told): string {
  const parcels = packages.map((each) => `${each.id} ${each.state} ${each.tracking?.number ?? ''}`);
  const units = lines.map((line) => {
    const graded = line.graded.map((each) => `${each.units} ${each.condition.toUpperCase()}`).sort();
    return `${line.units} of ${line.lineId} (${graded.join(', ')})`;
  });
  return [state, reason?.code ?? '', ...parcels.sort(), ...units.sort()].join('; ');
}

/** A return that was opened in the OMS is shown once, in its state, unless one that the shopper opened has its units. */
function externalReturnFaults(external: ExternalReturn, { returns }: BwpSide): readonly Fault[] {
  const records = returns.details.filter((shown) => shown.origin !== 'requested' && carries(shown, external.id));
  const wrong = (what: string): readonly Fault[] => [fault('G8', external.id, what)];
  if (records.length > 1) return wrong(`shown ${records.length} times`);
  const [record] = records;
  if (record !== undefined) return record.state === external.state ? [] : wrong(`shown as ${record.state}, in the OMS it is ${external.state}`);
  const isLinked = returns.details.some(
    ({ origin, state, returnLineItems }) =>
      origin === 'requested' &&
      state !== 'CANCELLED' &&
      external.lines.every(({ lineId }) => returnLineItems.some(({ orderLineItem }) => orderLineItem.lineItem.id === lineId)),
  );
  return external.state === 'CANCELLED' || isLinked ? [] : wrong('not shown');
}
