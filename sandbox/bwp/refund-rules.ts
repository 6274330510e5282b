/** The states a refund passes through (domain.md 2.1); NEW is an external refund that does not exist yet. */
export type RefundState = 'PENDING' | 'PARTIAL' | 'FAILURE' | 'SUCCESS' | 'REJECTED';

/** Steps that Buy with Prime documents (domain.md 2.1): for each shown state, the states that a caller may set. */
const DOCUMENTED_STEPS: Readonly<Record<string, readonly RefundState[]>> = {
  NEW: ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS'],
  PENDING: ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS'],
  PARTIAL: ['PARTIAL', 'SUCCESS'],
  FAILURE: ['PARTIAL', 'FAILURE', 'SUCCESS'],
  SUCCESS: ['SUCCESS'],
  REJECTED: ['REJECTED'],
};

/** Whether a caller may take a refund from one state to another. Steps with REJECTED are undocumented: `rejectedSteps` lists them as FROM>TO. */
export function isStepAllowed(from: string, to: RefundState, rejectedSteps: readonly string[]): boolean {
  return DOCUMENTED_STEPS[from]?.includes(to) === true || ((from === 'REJECTED' || to === 'REJECTED') && rejectedSteps.includes(`${from}>${to}`));
}

/** States in which money is still to come: the estimate may change and the request is unanswered or half answered. */
export const isOpen = (state: string): boolean => state === 'PENDING' || state === 'PARTIAL';
