import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Answer } from './answer.ts';

export const OPERATIONS = [
  'getOrder',
  'listOrders',
  'getLedger',
  'putRefund',
  'getRefund',
  'deleteRefund',
  'recordRefund',
  'putResolution',
  'getResolutions',
  'putReturn',
  'getReturns',
  'getCapabilities',
] as const;
export type Operation = (typeof OPERATIONS)[number];

const KINDS = [
  'http400',
  'http412',
  'http429',
  'http500',
  'http503',
  'timeoutBefore',
  'timeoutAfter',
  'resetBefore',
  'resetAfter',
  'delay',
  'lateEffect',
] as const;

/** A rule is looked at in its turn, skips its first `skip` calls, and is used up after `times` (without it: never). */
export const faultRule = z.object({
  operation: z.enum([...OPERATIONS, 'any']).default('any'),
  orderId: z.string().optional(),
  kind: z.enum(KINDS),
  /** For http429: seconds, or an HTTP date. */
  retryAfter: z.union([z.int().nonnegative(), z.string()]).default(1),
  /** For delay and lateEffect. */
  ms: z.int().nonnegative().default(0),
  times: z.int().positive().optional(),
  skip: z.int().nonnegative().default(0),
  probability: z.number().min(0).max(1).default(1),
});
export type FaultRule = z.infer<typeof faultRule>;

/** What becomes of a call: an answer, or a connection that is never answered or is reset. */
export type Outcome = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'silence' | 'reset' };

/** The fault rules of one server process. */
export type Faults = {
  /** Puts `rules` in the place of all others. The seed decides what `probability` gives: same seed, same calls, same faults. */
  set(rules: readonly FaultRule[], seed: number): void;
  list(): readonly FaultRule[];
  /** Carries a call out under the first rule that applies to it. `used` is told of the rule. */
  play(call: { operation: Operation; orderId: string | undefined; used(rule: FaultRule): void }, effect: () => Promise<Answer>): Promise<Outcome>;
};

export function createFaults(): Faults {
  let rules: FaultRule[] = [];
  let random = seededRandom(1);

  const take = (operation: Operation, orderId: string | undefined): FaultRule | undefined => {
    for (const rule of rules) {
      if (rule.operation !== 'any' && rule.operation !== operation) continue;
      if (rule.orderId !== undefined && rule.orderId !== orderId) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.probability < 1 && random() >= rule.probability) continue;
      if (rule.times !== undefined) {
        rule.times -= 1;
        if (rule.times === 0) rules = rules.filter((other) => other !== rule);
      }
      return rule;
    }
    return undefined;
  };

  return {
    set: (given, seed) => {
      rules = given.map((rule) => ({ ...rule }));
      random = seededRandom(seed);
    },
    list: () => rules,
    play: async ({ operation, orderId, used }, effect) => {
      const rule = take(operation, orderId);
      if (rule === undefined) return { kind: 'answer', answer: await effect() };
      used(rule);
      return suffer(rule, effect);
    },
  };
}

async function suffer(rule: FaultRule, effect: () => Promise<Answer>): Promise<Outcome> {
  switch (rule.kind) {
    case 'http400':
      return failure(400, 'INVALID_REQUEST');
    case 'http412':
      return failure(412, 'STALE_LEDGER');
    case 'http429':
      return failure(429, 'THROTTLED', { 'retry-after': String(rule.retryAfter) });
    case 'http500':
      return failure(500, 'UNAVAILABLE');
    case 'http503':
      return failure(503, 'UNAVAILABLE');
    case 'timeoutBefore':
      return { kind: 'silence' };
    case 'resetBefore':
      return { kind: 'reset' };
    case 'timeoutAfter':
      await effect();
      return { kind: 'silence' };
    case 'resetAfter':
      await effect();
      return { kind: 'reset' };
    case 'delay':
      await pause(rule.ms);
      return { kind: 'answer', answer: await effect() };
    case 'lateEffect':
      await pause(rule.ms); // the caller's time-out is its own affair: it may have looked the key up, or sent again, before this ends
      await effect();
      return { kind: 'silence' };
  }
}

function failure(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Outcome {
  return { kind: 'answer', answer: { status, headers, body: { error: { code, message: `fault: ${status} as told by /admin/faults` } } } };
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
