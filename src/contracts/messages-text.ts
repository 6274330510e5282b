import type { MessageCounts } from './order-state.ts';

/** What became of an order's messages, as a sum that comes out (G5). */
export const messagesText = ({ accepted, applied, duplicate, parked }: MessageCounts, unresolved: number): string =>
  `${accepted} accepted = ${applied} applied + ${duplicate} duplicate + ${parked} parked${unresolved === 0 ? '' : ` + ${unresolved} being looked into`}`;
