import type { LineId, ReturnId } from './ids.ts';
import type { Alias, ReturnPicture } from './order.ts';
import type { AttentionReason, Because } from './refund-decision.ts';

/** How far a return of BwP has come, as the `SagaState` attribute shows it. */
export type ReturnStage = 'OPEN' | 'IN_TRANSIT' | 'DELIVERED' | 'GRADING';

/** What the OMS has to hear; null where it holds the return as BwP shows it. `version` is one more than the OMS has. */
export type Telling = { readonly tell: { readonly picture: ReturnPicture; readonly version: number } | null };

/** What is due on one return that was opened at BwP. No money moves on it. */
export type ReturnDecision = { readonly returnId: ReturnId; readonly because: readonly Because[] } & Telling &
  (
    | /** Under way; when nothing has been heard by `until` (ISO 8601) the order is looked at again. */
    { readonly kind: 'follow'; readonly stage: ReturnStage; readonly until: string | null }
    /** A person's, such as a package that never arrived or units that were never graded. */
    | { readonly kind: 'manual'; readonly reason: AttentionReason; readonly stage: ReturnStage }
    /** Nothing more will come of it. */
    | { readonly kind: 'settled'; readonly outcome: 'DONE' | 'CANCELLED' | 'NEVER_SENT' }
  );

/** What is due on one return that was opened in the OMS. */
export type ExternalReturnDecision = { readonly externalReturnId: string; readonly because: readonly Because[] } & (
  | /** Add it to the BwP order under its aliases. */
  {
      readonly kind: 'add';
      readonly state: 'CREATED' | 'COMPLETED';
      readonly aliases: readonly Alias[];
      readonly lines: readonly { readonly lineId: LineId; readonly units: number }[];
    }
  /** Bring the BwP return that stands for it up to date; a null field stays as it is. Aliases replace all that were there. */
  | {
      readonly kind: 'update';
      readonly returnId: ReturnId;
      readonly state: 'CREATED' | 'COMPLETED' | 'CANCELLED' | null;
      readonly aliases: readonly Alias[] | null;
    }
  /** Its units are in a return that is open at BwP already, which stands for both: nothing is added, and the link is kept. */
  | { readonly kind: 'linked'; readonly returnId: ReturnId }
  | { readonly kind: 'manual'; readonly reason: AttentionReason }
  /** BwP shows it as the OMS holds it, or never has to hear of it. `isFinal`: nothing more will come of it. */
  | { readonly kind: 'settled'; readonly isFinal: boolean }
);

/** Whether a saga has to run for it. */
export const isReturnDue = (decision: ReturnDecision): boolean => decision.kind !== 'settled' || decision.tell !== null;

/** Whether a saga has to run for it; for `linked` it keeps that link, which ends it. */
export const isExternalReturnDue = ({ kind }: ExternalReturnDecision): boolean => kind !== 'settled';
