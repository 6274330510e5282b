import type { LineUnits, OrderRecord, RefundRecord, ReturnLineRecord, ReturnPackageRecord, ReturnRecord } from './order-record.ts';
import { unitsByLine } from './return-rules.ts';
import type { Switches } from './switches.ts';

/** The switches that hide or respell what a caller reads. */
export type ViewSwitches = Pick<Switches, 'showCause' | 'showRefundsOfReturn' | 'deliveredAs' | 'mixedCaseConditions'>;

/** What a return shows of the rest of its order. Refunds are asked for only when a query wants them: they show the return in their turn. */
export type ReturnSurroundings = {
  lineView(lineId: string): object | undefined;
  refundViews(refunds: readonly RefundRecord[]): readonly object[];
};

/** A return as the SDL shows it (schema.graphql, type ReturnDetails), parcels and units in the spellings of both dialects. */
export function viewReturn(order: OrderRecord, record: ReturnRecord, around: ReturnSurroundings, switches: ViewSwitches) {
  const packages = record.packages.map((parcel) => viewPackage(parcel, record, around, switches));
  return {
    __typename: 'ReturnDetails',
    id: record.id,
    aliases: record.aliases,
    state: record.state,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    returnPackageDetails: packages,
    returnDeliveryDetails: packages,
    returnLineItems: record.lines.map((line) => ({
      id: line.id,
      orderLineItem: viewUnitsOfLine(line, around),
      returnFor: viewReturnFor([line], around),
      grading: viewGrading(line, switches),
      refundDetails: () => (switches.showRefundsOfReturn ? around.refundViews(refundsOfLine(order, record, line)) : null),
    })),
    returnFor: viewReturnFor(record.lines, around),
    returnReasonTerm: record.reason && {
      reasonCode: record.reason.code,
      description: record.reason.description === null ? null : { locale: record.reason.locale, value: record.reason.description },
      comments: record.reason.comments,
    },
  };
}

/** The refunds that a return brought for one of its lines: those of its parcel, or those that name the return and share the order line. */
export function refundsOfLine(order: OrderRecord, { id }: ReturnRecord, line: ReturnLineRecord): RefundRecord[] {
  return order.refunds.filter(({ cause, lines }) => {
    if (cause?.kind !== 'return' || cause.id !== id) return false;
    return cause.returnLineIds ? cause.returnLineIds.includes(line.id) : lines.some(({ lineId }) => lineId === line.lineId);
  });
}

function viewPackage(parcel: ReturnPackageRecord, { lines }: ReturnRecord, around: ReturnSurroundings, { deliveredAs }: ViewSwitches) {
  const lineIds = lines.filter(({ packageId }) => packageId === parcel.id).map(({ lineId }) => lineId);
  const milestones = parcel.milestones.map(({ code, occurredAt }) => ({ status: { code, message: null }, occurredAt }));
  const { number, carrierCode, url, estimatedDelivery } = parcel.tracking;
  return {
    id: parcel.id,
    state: parcel.state === 'DELIVERED' ? deliveredAs : parcel.state,
    reason: parcel.reason,
    packageTracker:
      number === null
        ? null
        : {
            packageTrackerIdentifier: { trackingNumber: number, carrierCode },
            estimatedDeliveryDate: estimatedDelivery,
            trackingUrl: url,
            latestMilestone: milestones.at(-1) ?? null,
            milestones,
          },
    returnDeliveryFor: { orderLineItems: [...new Set(lineIds)].map((lineId) => ({ lineItem: around.lineView(lineId) })) },
  };
}

/** Null until a unit is graded. */
function viewGrading({ grading }: ReturnLineRecord, { mixedCaseConditions }: ViewSwitches) {
  if (grading.length === 0) return null;
  const graded = grading.reduce((sum, { units }) => sum + units, 0);
  const spelled = (condition: string) =>
    mixedCaseConditions ? condition.toLowerCase().replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase()) : condition;
  return {
    summary: {
      gradedAmount: viewUnits(graded),
      unitWiseCondition: grading.map(({ condition, units }) => ({ amount: viewUnits(units), condition: spelled(condition) })),
    },
  };
}

/** Each order line once, with the sum of its units. */
function viewReturnFor(lines: readonly LineUnits[], around: ReturnSurroundings) {
  const amounts = [...unitsByLine(lines)].map(([lineId, units]) => viewUnitsOfLine({ lineId, units }, around));
  return { orderLineItems: amounts, orderLineItemAmounts: amounts };
}

const viewUnitsOfLine = ({ lineId, units }: LineUnits, { lineView }: ReturnSurroundings) => ({
  lineItem: lineView(lineId),
  amount: viewUnits(units),
});
const viewUnits = (value: number) => ({ value, unit: 'ONE' });
