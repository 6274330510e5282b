import type { ApiError } from './errors.ts';
import type { Fact } from './events.ts';
import type { OrderRecord } from './order-record.ts';

/** What an update did: the order after it, what there is to tell, and the error that ended a call that is not atomic. */
export type UpdateOutcome = { readonly order: OrderRecord; readonly facts: readonly Fact[]; readonly failure?: ApiError };
