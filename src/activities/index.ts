import type { Client } from '@temporalio/client';
import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { Activities } from '../contracts/activities.ts';
import type { PublishActivities } from '../contracts/records.ts';
import type { SweepActivities } from '../contracts/sweep.ts';
import type { BusinessProductId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { createLookActivities } from './look.ts';
import { createMoneyGateActivities } from './money-gate.ts';
import { createPayActivities } from './pay.ts';
import { createPublishActivities, type RecordParts } from './publish.ts';
import { createSweepActivities } from './sweep.ts';
import { createTellActivities } from './tell.ts';

/** What activities need of the world; handed in by the worker. */
export type ActivityParts = {
  readonly bwp: BwpApi;
  readonly oms: OmsApi;
  /** Asked at each look, so that a decision stands on the policy of its own business product. */
  readonly policyOf: (id: BusinessProductId) => Policy;
  readonly client: Client;
  readonly taskQueue: string;
  readonly records: RecordParts;
};

/** All effects a workflow may ask for. */
export const createActivities = (parts: ActivityParts): Activities & PublishActivities & SweepActivities => ({
  ...createLookActivities(parts),
  ...createMoneyGateActivities(parts),
  ...createPayActivities(parts),
  ...createTellActivities(parts),
  ...createPublishActivities(parts.records),
  ...createSweepActivities({ ...parts, lookAtOrder: createLookActivities(parts).lookAtOrder }),
});
