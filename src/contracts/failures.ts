/** `ApplicationFailure.type`: the part of an activity's error that survives the wire. The list is closed. */
export const FailureType = {
  /** The other side understood and said no. */
  refused: 'Refused',
  /** Too fast, not processed; `nextRetryDelay` carries the other side's advice. */
  throttled: 'Throttled',
  /** Certainly not processed, or a read that failed. */
  unavailable: 'Unavailable',
  /** A read whose answer does not fit what is documented. */
  unreadable: 'Unreadable',
  /** A write whose effect is not known: read back before anything else. */
  unknown: 'Unknown',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];
