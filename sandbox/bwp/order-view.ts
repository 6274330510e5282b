import { decimalFromMoney, type Money, sumOf } from './money.ts';
import type { CauseRecord, DiscountRecord, LineRecord, LineUnits, OrderRecord, PackageRecord, PaymentRecord, RefundRecord } from './order-record.ts';
import { type ViewSwitches, viewReturn } from './return-view.ts';

/**
 * The order as the SDL shows it (schema.graphql, type Order): amounts as decimal numbers, everything plain JSON but the links from a return to its
 * refunds, which are functions.
 */
export function viewOrder(order: OrderRecord, switches: ViewSwitches) {
  const lines = new Map(order.lines.map((line) => [line.id, viewLine(order, line)]));
  const around = {
    lineView: (lineId: string) => lines.get(lineId),
    refundViews: (wanted: readonly RefundRecord[]): readonly object[] => refunds.filter(({ id }) => wanted.some((refund) => refund.id === id)),
  };
  const returns = order.returns.map((record) => viewReturn(order, record, around, switches));
  const shownReturns = [...returns, ...namedReturns(order).map(viewNamedReturn)];
  const causeOf = ({ cause }: RefundRecord): CauseView | null => {
    if (!cause || !switches.showCause) return null;
    return cause.kind === 'cancellation' ? viewCancellation(cause) : (shownReturns.find(({ id }) => id === cause.id) ?? null);
  };
  const refunds = order.refunds.map((refund) => viewRefund(refund, lines, causeOf(refund)));
  return {
    id: order.id,
    aliases: order.aliases,
    lineItems: [...lines.values()],
    totalPrice: {
      value: viewMoney(order.total),
      rollupCharges: [
        { rollupChargeType: 'ORDER_SUB_TOTAL', displayString: 'Subtotal', value: viewMoney(order.charges.subTotal) },
        { rollupChargeType: 'ORDER_SHIPPING', displayString: 'Shipping', value: viewMoney(order.charges.shipping) },
        { rollupChargeType: 'ORDER_TAX', displayString: 'Tax', value: viewMoney(order.charges.tax) },
      ],
      verified: order.verified,
    },
    discounts: viewDiscounts(order.discounts, order.currency),
    taxes: viewTaxes(order.charges.tax),
    payments: viewPayments(order.payments, order.currency),
    packageInformation: { details: order.packages.map(viewPackage) },
    refunds: { details: refunds, summary: viewRefundSummary(order) },
    returns: { details: shownReturns },
  };
}

type LineView = ReturnType<typeof viewLine>;
type CauseView = ReturnType<typeof viewReturn | typeof viewNamedReturn | typeof viewCancellation>;

function viewLine(order: OrderRecord, line: LineRecord) {
  const holds = ({ lines }: { readonly lines: readonly LineUnits[] }) => lines.some(({ lineId }) => lineId === line.id);
  return {
    id: line.id,
    aliases: line.aliases,
    amount: viewUnits(line.quantity),
    createdAt: line.createdAt,
    product: { sku: line.sku, title: line.title, price: viewMoney(line.price) },
    discounts: viewDiscounts(line.discounts, order.currency),
    taxes: viewTaxes(line.tax),
    payments: viewPayments(line.payments, order.currency),
    deliveryOffer: {
      details: {
        deliveryProvider: line.delivery.provider,
        deliveryTerms: { isPrimeEligible: line.delivery.primeEligible },
        taxes: viewTaxes(line.delivery.tax),
        discounts: viewDiscounts(line.delivery.discounts, order.currency),
      },
    },
    packageInformation: { details: order.packages.filter(holds).map(viewPackage) },
    cancellations: order.cancellations.filter(holds).map(viewCancellation),
  };
}

function viewRefund(refund: RefundRecord, lines: ReadonlyMap<string, LineView>, causedBy: CauseView | null) {
  return {
    id: refund.id,
    aliases: refund.aliases,
    state: refund.state,
    createdAt: refund.createdAt,
    updatedAt: refund.updatedAt,
    refundTotal: { totalAmount: viewMoney(refund.total) },
    refundFor: {
      orderLineItems: refund.lines.map(({ lineId, units }) => ({
        lineItem: lines.get(lineId),
        amount: viewUnits(units),
        refundedQuantity: { amount: units },
      })),
      causedBy,
    },
    paymentDetails: refund.payments.map(viewPayment),
    refundRequestReason: refund.requestReason,
    refundStatusReason: refund.statusReason,
  };
}

/** Returns that a tester named as the cause of a refund without having opened them: shown by id and state alone. */
function namedReturns(order: OrderRecord): CauseRecord[] {
  const named = order.refunds.flatMap(({ cause }) => (cause?.kind === 'return' ? [[cause.id, cause] as const] : []));
  return [...new Map(named).values()].filter(({ id }) => !order.returns.some((record) => record.id === id));
}

function viewNamedReturn({ id, state }: CauseRecord) {
  return { __typename: 'ReturnDetails', id, state, aliases: [], returnPackageDetails: [], returnDeliveryDetails: [], returnLineItems: [] };
}

function viewCancellation({ id, state, reason, requestedBy }: CauseRecord) {
  return { __typename: 'CancelDetails', id, state, reason, requestedBy };
}

function viewRefundSummary(order: OrderRecord) {
  const paid = order.refunds.flatMap(({ payments }) => payments).filter(({ state }) => state === 'SUCCESS');
  const reported = order.refunds.filter(({ state }) => state === 'PARTIAL' || state === 'SUCCESS');
  return {
    paymentSummary: { amount: viewMoney(sum(paid, order.currency)), paymentMethodDisplayString: null, state: null },
    refundTotal: {
      totalAmount: viewMoney(
        sumOf(
          reported.map(({ total }) => total),
          order.currency,
        ),
      ),
    },
  };
}

function viewDiscounts(discounts: readonly DiscountRecord[], currency: string) {
  return {
    summary: { amount: viewMoney(sum(discounts, currency)), displayString: null, aliases: [], couponCode: null },
    details: discounts.map(({ amount, displayString, aliases, couponCode }) => ({ amount: viewMoney(amount), displayString, aliases, couponCode })),
  };
}

function viewPayments(payments: readonly PaymentRecord[], currency: string) {
  const [first] = payments;
  return {
    summary: first && {
      amount: viewMoney(sum(payments, currency)),
      paymentMethodDisplayString: first.method.displayString,
      state: first.state,
    },
    details: payments.map(viewPayment),
  };
}

function viewPayment({ amount, method, ...rest }: PaymentRecord) {
  return { ...rest, amount: viewMoney(amount), paymentMethod: method };
}

function viewPackage({ id, state, reason, trackingNumber, carrierCode }: PackageRecord) {
  const packageTracker = trackingNumber === null ? null : { packageTrackerIdentifier: { trackingNumber, carrierCode }, milestones: [] };
  return { id, state, reason, packageTracker };
}

const viewMoney = (money: Money) => ({ amount: decimalFromMoney(money), currencyCode: money.currency });
const viewUnits = (value: number) => ({ value, unit: 'ONE' });
const viewTaxes = (tax: Money) => ({ summary: { collectableTaxAmount: viewMoney(tax) } });
const sum = (parts: readonly { readonly amount: Money }[], currency: string): Money =>
  sumOf(
    parts.map(({ amount }) => amount),
    currency,
  );
