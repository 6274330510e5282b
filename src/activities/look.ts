import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { LookActivities } from '../contracts/activities.ts';
import type { BusinessProductId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { attempt } from './failures.ts';
import { createAbilitiesReader, policyInEffect } from './oms-abilities.ts';

/** Reads. BwP before the OMS, so that what BwP was told is in the ledger that is read next. */
export const createLookActivities = ({
  bwp,
  oms,
  policyOf,
}: {
  readonly bwp: BwpApi;
  readonly oms: OmsApi;
  readonly policyOf: (id: BusinessProductId) => Policy;
}): LookActivities => {
  const readAbilities = createAbilitiesReader(oms);
  return {
    lookAtOrder: (at) =>
      attempt(async (signal) => {
        const abilities = await readAbilities(signal);
        const readAt = new Date().toISOString();
        const bwpOrder = await bwp.readOrder(at, signal);
        const [captured, ledger, returns, resolutions] = await Promise.all([
          oms.readOrder(at.orderId, signal),
          oms.readLedger(at.orderId, signal, abilities.ledgerVersion),
          oms.readReturns(at.orderId, signal),
          oms.readResolutions(at.orderId, signal),
        ]);
        const policy = policyInEffect(policyOf(at.businessProductId), abilities);
        return { bwp: bwpOrder, captured, ledger, returns, resolutions, readAt, policy, oms: abilities };
      }),
    readBwpRefund: ({ at, refundId }) =>
      attempt(async (signal) => (await bwp.readOrder(at, signal)).refunds.find(({ id }) => id === refundId) ?? null),
    readEntry: ({ at, key }) => attempt((signal) => oms.readRefund(at.orderId, key, signal)),
  };
};
