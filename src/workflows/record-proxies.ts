import { proxyActivities } from '@temporalio/workflow';
import type { PublishActivities } from '../contracts/records.ts';

const RETRY = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 minutes' };

/** The journal is written for as long as it takes: no failure is final. The limit lies above 10 s for the journal and 15 s for notices. */
export const records = proxyActivities<Pick<PublishActivities, 'publish'>>({ startToCloseTimeout: '30 seconds', retry: RETRY });

/** One notice, until `forMs` from now have passed: a day costs about 100 attempts. */
export const noticesFor = (forMs: number): Pick<PublishActivities, 'sendNotice'> =>
  proxyActivities<Pick<PublishActivities, 'sendNotice'>>({ startToCloseTimeout: '15 seconds', scheduleToCloseTimeout: forMs, retry: RETRY });
