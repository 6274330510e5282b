import type { Client } from '@temporalio/client';
import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { Activities } from '../contracts/activities.ts';
import type { BusinessProductId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { createLookActivities } from './look.ts';
import { createPayActivities } from './pay.ts';
import { createTellActivities } from './tell.ts';

/** What activities need of the world; handed in by the worker. */
export type ActivityParts = {
  readonly bwp: BwpApi;
  readonly oms: OmsApi;
  /** Asked at each look, so that a decision stands on the policy of its own business product. */
  readonly policyOf: (id: BusinessProductId) => Policy;
  readonly client: Client;
  readonly taskQueue: string;
};

/** All effects a workflow may ask for. */
export const createActivities = (parts: ActivityParts): Activities => ({
  ...createLookActivities(parts),
  ...createPayActivities(parts),
  ...createTellActivities(parts),
});
