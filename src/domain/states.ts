/**
 * What Buy with Prime documents of its states, as tables: which steps a caller may set, and what a state says. What it shows may be newer
 * than these tables, so everything read stays a text and a state that is not in them has no step.
 */

/** Amazon's own pages name the row or cell, or this project concluded it from them (domain.md, marks D and I). */
export type Evidence = 'documented' | 'inferred';

/** One cell: whether the step may be set; `by_policy` where only configuration can know, as no published row names it. */
export type Step = { readonly may: 'yes' | 'no' | 'by_policy'; readonly evidence: Evidence };

/**
 * An update as the table sees it: a step onwards, the state that is shown already (legal as well, so a resend passes), or one that must
 * not be sent: read again, since either the record is old or somebody else set the state.
 */
export type Standing = 'legal' | 'repeat' | 're_read';

const YES: Step = { may: 'yes', evidence: 'documented' };
const NO: Step = { may: 'no', evidence: 'documented' };
const YES_INFERRED: Step = { may: 'yes', evidence: 'inferred' };
const NO_INFERRED: Step = { may: 'no', evidence: 'inferred' };
const BY_POLICY: Step = { may: 'by_policy', evidence: 'inferred' };

/** The states a refund may be set to (domain.md 2.1). */
export type RefundState = 'PENDING' | 'PARTIAL' | 'FAILURE' | 'SUCCESS' | 'REJECTED';

/** From a shown state (row) to the state that a caller sets (column). */
export const REFUND_STEPS: Readonly<Record<RefundState, Readonly<Record<RefundState, Step>>>> = {
  PENDING: { PENDING: YES, PARTIAL: YES, FAILURE: YES, SUCCESS: YES, REJECTED: BY_POLICY },
  PARTIAL: { PENDING: NO, PARTIAL: YES, FAILURE: NO, SUCCESS: YES, REJECTED: BY_POLICY },
  FAILURE: { PENDING: NO, PARTIAL: YES, FAILURE: YES, SUCCESS: YES, REJECTED: BY_POLICY },
  SUCCESS: { PENDING: NO, PARTIAL: NO, FAILURE: NO, SUCCESS: YES, REJECTED: BY_POLICY },
  REJECTED: { PENDING: NO_INFERRED, PARTIAL: NO_INFERRED, FAILURE: NO_INFERRED, SUCCESS: NO_INFERRED, REJECTED: YES_INFERRED },
};

/** The state in which an external refund may be added; left out, it becomes PENDING. */
export const NEW_EXTERNAL_REFUND: Readonly<Record<RefundState, Step>> = {
  PENDING: YES,
  PARTIAL: YES,
  FAILURE: YES,
  SUCCESS: YES,
  REJECTED: NO_INFERRED,
};

/** `rejectFrom` is the policy's answer where the table leaves REJECTED to it; it opens no other step. */
export const refundStep = (shown: string, next: RefundState, rejectFrom: readonly RefundState[]): Standing =>
  standing(REFUND_STEPS, shown, next, next === 'REJECTED' && rejectFrom.some((state) => state === shown));

/** The states of a return; DRAFT is still being negotiated and means nothing here. */
export type ReturnState = 'DRAFT' | 'CREATED' | 'COMPLETED' | 'CANCELLED';

/** The states an external return may be set to. Returns that BwP opened are never written (domain.md 3.1). */
export type ExternalReturnState = Exclude<ReturnState, 'DRAFT'>;

/** Which states an update may name is documented, in which order is not: those that end a return are taken to be final. */
export const EXTERNAL_RETURN_STEPS: Readonly<Record<ReturnState, Readonly<Record<ExternalReturnState, Step>>>> = {
  DRAFT: { CREATED: NO_INFERRED, COMPLETED: NO_INFERRED, CANCELLED: NO_INFERRED },
  CREATED: { CREATED: YES_INFERRED, COMPLETED: YES_INFERRED, CANCELLED: YES_INFERRED },
  COMPLETED: { CREATED: NO_INFERRED, COMPLETED: YES_INFERRED, CANCELLED: NO_INFERRED },
  CANCELLED: { CREATED: NO_INFERRED, COMPLETED: NO_INFERRED, CANCELLED: YES_INFERRED },
};

/** The state in which an external return may be added. */
export const NEW_EXTERNAL_RETURN: Readonly<Record<ExternalReturnState, Step>> = { CREATED: YES, COMPLETED: YES, CANCELLED: NO };

export const externalReturnStep = (shown: string, next: ExternalReturnState): Standing => standing(EXTERNAL_RETURN_STEPS, shown, next, false);

function standing<Next extends string>(
  steps: Readonly<Record<string, Readonly<Record<Next, Step>>>>,
  shown: string,
  next: Next,
  policySaysYes: boolean,
): Standing {
  const step = steps[shown]?.[next];
  const may = step?.may === 'yes' || (step?.may === 'by_policy' && policySaysYes);
  if (!may) return 're_read';
  return shown === next ? 'repeat' : 'legal';
}

/** The steps of a return package on which money may wait. */
export type PackageStep = 'dropped_off' | 'delivered';

export type PackageRow = {
  readonly state: string;
  /** How it is shown: Amazon's pages differ. Case is ignored. */
  readonly spellings: readonly string[];
  /** The states that follow it (domain.md 3.3). */
  readonly next: readonly string[];
  /** The steps that are behind a package in this state. */
  readonly reached: readonly PackageStep[];
  /** Of `reached`; the states and their order are documented. */
  readonly evidence: Evidence;
};

/** A printed label leads past DROPPED_OFF: a parcel under way was handed over all the same. A failed one may never have been picked up. */
export const RETURN_PACKAGES: readonly PackageRow[] = [
  { state: 'CREATED', spellings: ['CREATED'], next: ['DROPPED_OFF', 'IN_TRANSIT'], reached: [], evidence: 'documented' },
  { state: 'DROPPED_OFF', spellings: ['DROPPED_OFF'], next: ['IN_TRANSIT'], reached: ['dropped_off'], evidence: 'documented' },
  { state: 'IN_TRANSIT', spellings: ['IN_TRANSIT'], next: ['DELIVERED', 'FAILED'], reached: ['dropped_off'], evidence: 'inferred' },
  { state: 'DELIVERED', spellings: ['DELIVERED', 'COMPLETED'], next: [], reached: ['dropped_off', 'delivered'], evidence: 'documented' },
  { state: 'FAILED', spellings: ['FAILED'], next: [], reached: [], evidence: 'inferred' },
];

/** Whether a package shown in this state has that step behind it; a state that is not in the table has reached nothing. */
export function hasReached(packageState: string, step: PackageStep): boolean {
  const spelling = packageState.toUpperCase();
  return RETURN_PACKAGES.some(({ spellings, reached }) => spellings.includes(spelling) && reached.includes(step));
}

/** What a payment's state says of its money: with the shopper, maybe still on its way, or not and never on its way. */
export type PaymentStanding = 'paid' | 'moving' | 'ended';

export type PaymentRow = {
  readonly state: string;
  readonly means: PaymentStanding;
  /** Of `means`; the names are documented, what they say of the money is not. */
  readonly evidence: Evidence;
  /** Still to be expected, never to be sent. */
  readonly deprecated: boolean;
};

/** States of an entry of `paymentDetails` (domain.md 8.1). REFUNDED does not say whose money went where, so that it ends nothing. */
export const PAYMENT_STATES: readonly PaymentRow[] = [
  { state: 'NOT_STARTED', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'CREATED', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'FAILED', means: 'ended', evidence: 'inferred', deprecated: false },
  { state: 'AUTHORIZED', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'CAPTURED', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'CLIENT_ACTION_REQUIRED', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'READY_FOR_CONFIRMATION', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'IN_PROGRESS', means: 'moving', evidence: 'inferred', deprecated: false },
  { state: 'SUCCESS', means: 'paid', evidence: 'inferred', deprecated: false },
  { state: 'CANCELLED', means: 'ended', evidence: 'inferred', deprecated: false },
  { state: 'CANCELED', means: 'ended', evidence: 'inferred', deprecated: true },
  { state: 'REFUNDED', means: 'moving', evidence: 'inferred', deprecated: true },
];

/** Absent and newer states are taken to be moving: neither counted as paid nor paid again. */
export const paymentStanding = (state: string | null): PaymentStanding => PAYMENT_STATES.find((row) => row.state === state)?.means ?? 'moving';
