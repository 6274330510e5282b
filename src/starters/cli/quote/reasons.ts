import type { Because } from '../../../domain/refund-decision.ts';
import type { RefundAnswer } from './answer-shape.ts';

/** The rules that fired, as the answer shows them. */
export const reasonsOf = ({ because }: { readonly because: readonly Because[] }): RefundAnswer['because'] =>
  because.map(({ rule, text, facts }) => ({ rule, text, facts: { ...facts } }));
