/**
 * What is known after a call that did not work:
 * - `refused`: the other side understood and said no; the same call again gives the same answer.
 * - `throttled`: too fast; the call was not processed.
 * - `unavailable`: a read that failed, or a write that certainly was not processed (no connection, no access token).
 * - `unknown`: a write that may or may not have taken effect; only reading back tells.
 * - `unreadable`: the answer to a read does not have the agreed shape; the message names the field.
 */
export type WireErrorKind = 'refused' | 'throttled' | 'unavailable' | 'unknown' | 'unreadable';

/** Whether a call can have an effect on the other side: decides what a lost or unreadable answer means. */
export type Effect = 'read' | 'write';

/** The one error of all clients. Nothing here was retried. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly kind: WireErrorKind;
  /** The other side's own code where it gave one; else `HTTP_<status>`, a system code such as ECONNREFUSED, or a code named by the client that throws. */
  readonly code: string | null;
  /** How long the other side asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    facts: { readonly kind: WireErrorKind; readonly code?: string | null; readonly retryAfterMs?: number | null },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = facts.kind;
    this.code = facts.code ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** The kind of a failure that leaves no answer, or one that says nothing of the effect (time-out, reset, 5xx). */
export const kindWithoutAnswer = (effect: Effect): WireErrorKind => (effect === 'read' ? 'unavailable' : 'unknown');

/** The kind of an answer that came and does not have the agreed shape. */
export const kindOfMisfit = (effect: Effect): WireErrorKind => (effect === 'read' ? 'unreadable' : 'unknown');

const DAY_MS = 86_400_000;
const WEEKDAY = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * Reads a `Retry-After` header (RFC 9110 10.2.3: seconds, or a date in one of the three HTTP forms) at the time `now` (epoch milliseconds).
 * Never negative, at most a day; null when the header is absent or says neither.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, DAY_MS);
  if (!WEEKDAY.test(text)) return null;
  // The oldest of the three forms names no zone, and Date.parse would take it for local time.
  const at = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), DAY_MS);
}
