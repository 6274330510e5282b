import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { LookActivities } from '../contracts/activities.ts';
import type { BusinessProductId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { attempt } from './failures.ts';

/** Reads. BwP before the OMS, so that what BwP was told is in the ledger that is read next. */
export const createLookActivities = ({
  bwp,
  oms,
  policyOf,
}: {
  readonly bwp: BwpApi;
  readonly oms: OmsApi;
  readonly policyOf: (id: BusinessProductId) => Policy;
}): LookActivities => ({
  lookAtOrder: (at) =>
    attempt(async (signal) => {
      const readAt = new Date().toISOString();
      const bwpOrder = await bwp.readOrder(at, signal);
      const [captured, ledger, returns, resolutions] = await Promise.all([
        oms.readOrder(at.orderId, signal),
        oms.readLedger(at.orderId, signal),
        oms.readReturns(at.orderId, signal),
        oms.readResolutions(at.orderId, signal),
      ]);
      return { bwp: bwpOrder, captured, ledger, returns, resolutions, readAt, policy: policyOf(at.businessProductId) };
    }),
  readBwpRefund: ({ at, refundId }) => attempt(async (signal) => (await bwp.readOrder(at, signal)).refunds.find(({ id }) => id === refundId) ?? null),
  readEntry: ({ at, key }) => attempt((signal) => oms.readRefund(at.orderId, key, signal)),
});
