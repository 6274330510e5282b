import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Because } from '../../../src/domain/refund-decision.ts';

/** Facts, and what is said of them to a person: one text for each step of the explanation. The policy is the default one unless told otherwise. */
export type Row = { readonly rule: string; readonly facts: () => OrderFacts; readonly policy?: () => Policy; readonly said: readonly string[] };

/** Each step as one text: its rule, its sentence, and the facts that it stood on. */
export const saidOf = (because: readonly Because[]): readonly string[] =>
  because.map(({ rule, text, facts }) => [`${rule}: ${text}`, ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`)].join(' | '));
