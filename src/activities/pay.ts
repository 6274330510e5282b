import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { PayActivities } from '../contracts/activities.ts';
import { attempt } from './failures.ts';

/** The money call: one attempt, whatever comes of it. */
export const createPayActivities = ({ oms }: { readonly oms: OmsApi }): PayActivities => ({
  payRefund: ({ at, payment, expectedVersion }) => attempt((signal) => oms.createRefund(at.orderId, payment, expectedVersion, signal)),
});
