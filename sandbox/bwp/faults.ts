import { z } from 'zod';
import { type Random, seededRandom } from './random.ts';

/** Operations that a fault can hit. */
export type Operation = 'order' | 'updateOrder' | 'token';

const faultRule = z.strictObject({
  operation: z.enum(['order', 'updateOrder', 'token', 'any']).default('any'),
  /** Only calls about this order. */
  orderId: z.string().min(1).optional(),
  kind: z.enum([
    'throttle', // ThrottlingError, nothing done
    'http429', // HTTP 429 with Retry-After, nothing done
    'http500', // HTTP 500, nothing done
    'http500After', // HTTP 500 though the call took effect
    'internalErrorBefore', // InternalServerError, nothing done
    'internalErrorAfter', // InternalServerError though the call took effect
    'conflict', // ConflictError, nothing done
    'timeoutBefore', // nothing done; no answer: the connection is held until the client gives up or `ms` is over
    'timeoutAfter', // the call took effect; no answer
    'resetBefore', // nothing done; the connection is reset
    'resetAfter', // the call took effect; the connection is reset
    'delay', // `ms` pass before the call takes effect
    'delayAfter', // `ms` pass between the effect and the answer
    'staleRead', // the order is shown as it was before its last `versions` changes
    'partialData', // the order is shown without refunds and with an InternalServerError for that field
  ]),
  /** Matching calls let through first. */
  skip: z.number().int().min(0).default(0),
  /** Calls hit; the rule is spent then. */
  times: z.union([z.number().int().min(1), z.literal('always')]).default(1),
  /** Chance that a matching call is hit, drawn from the seeded stream. */
  probability: z.number().min(0).max(1).default(1),
  /** Length of a delay (default 1000), or the longest that a time-out holds the connection (default 60000). */
  ms: z.number().int().min(0).max(3_600_000).optional(),
  /** Value of the Retry-After header: seconds or an HTTP date. */
  retryAfter: z.union([z.number().int().min(0).transform(String), z.string().min(1)]).default('1'),
  /** For staleRead: how many changes of the order are not seen yet. */
  versions: z.number().int().min(1).default(1),
});

export type FaultRule = z.infer<typeof faultRule>;

/** The plan as a tester sends it. */
export const faultPlanSchema = z.strictObject({ seed: z.number().int().default(1), rules: z.array(faultRule) });
export type FaultPlanInput = z.infer<typeof faultPlanSchema>;

type ActiveRule = FaultRule & { seen: number; hits: number };

/** An ordered plan of faults. Each call meets at most one: the first rule that matches, is not spent, and is drawn. */
export class FaultPlan {
  #rules: ActiveRule[] = [];
  #random: Random = seededRandom(1);

  /** Replaces the plan; counters start at zero. */
  load({ seed, rules }: FaultPlanInput): void {
    this.#rules = rules.map((rule) => ({ ...rule, seen: 0, hits: 0 }));
    this.#random = seededRandom(seed);
  }

  /** The rules with the calls that each has seen and hit. */
  get rules(): readonly Readonly<ActiveRule>[] {
    return this.#rules;
  }

  /** The fault that this call meets, if any; counts it. */
  draw(operation: Operation, orderId: string | undefined): FaultRule | undefined {
    for (const rule of this.#rules) {
      const isMatch = (rule.operation === 'any' || rule.operation === operation) && (rule.orderId === undefined || rule.orderId === orderId);
      const isSpent = rule.times !== 'always' && rule.hits >= rule.times;
      if (!isMatch || isSpent) continue;
      rule.seen += 1;
      if (rule.seen <= rule.skip || this.#random() >= rule.probability) continue;
      rule.hits += 1;
      return rule;
    }
    return undefined;
  }
}
