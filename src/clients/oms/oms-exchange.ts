import type { z } from 'zod';
import { parseExactJson } from '../exact-json.ts';
import { exchange, failureOfStatus, type HttpAnswer } from '../http-call.ts';
import { type Effect, kindOfMisfit, WireError } from '../wire-error.ts';
import { issuesText } from '../wire-values.ts';
import { errorAnswer } from './oms-answers.ts';

/** What a call is for, and whether it can have an effect. */
export type Call = { readonly what: string; readonly effect: Effect };

type Sent = {
  /** With its `?`. */ readonly search?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal: AbortSignal | undefined;
};

/** One exchange of the contract; `path` are its segments below the base URL, not encoded yet. */
export type Send = (call: Call, method: 'GET' | 'PUT' | 'DELETE', path: readonly string[], sent: Sent) => Promise<HttpAnswer>;

/** @throws TypeError when `url` is no URL. */
export function createSend({
  url,
  token,
  timeLimitMs,
}: {
  readonly url: string;
  readonly token: string | undefined;
  readonly timeLimitMs: number;
}): Send {
  const base = new URL(url).href.replace(/\/+$/, '');
  const authorization = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  return (call, method, path, { search = '', body, headers, signal }) =>
    exchange({
      ...call,
      method,
      url: `${base}/${path.map((segment) => pathSegment(segment, call)).join('/')}${search}`,
      headers: { accept: 'application/json', ...authorization, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeLimitMs,
      signal,
    });
}

/** Ids are opaque, so one may be `..`, which every URL parser takes for a step up, percent-encoded or not. */
function pathSegment(text: string, { what }: Call): string {
  if (/^\.{1,2}$/.test(text) || /\p{Surrogate}/u.test(text)) {
    throw new WireError(`${what}: expected an id that can stand in a URL, got ${JSON.stringify(text)}`, { kind: 'refused', code: 'UNSENDABLE_ID' });
  }
  return encodeURIComponent(text);
}

/** An answer that does not fit the contract. */
export const misfit = ({ what, effect }: Call, text: string): WireError =>
  new WireError(`${what}: ${text}`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });

function jsonIn({ text }: HttpAnswer): { readonly value: unknown } | null {
  try {
    return { value: parseExactJson(text) };
  } catch {
    return null;
  }
}

const errorIn = (answer: HttpAnswer): z.infer<typeof errorAnswer>['error'] | null => errorAnswer.safeParse(jsonIn(answer)?.value).data?.error ?? null;

/** Whether the answer is this error of the contract. */
export const isError = (answer: HttpAnswer, status: number, code: string): boolean => answer.status === status && errorIn(answer)?.code === code;

/** @throws WireError for any other status, or a body of another shape. */
export function read<Out>(answer: HttpAnswer, statuses: readonly number[], schema: z.ZodType<Out>, call: Call): Out {
  if (!statuses.includes(answer.status)) throw failure(answer, call);
  const body = jsonIn(answer);
  if (body === null) throw misfit(call, `expected JSON with HTTP ${answer.status}`);
  const parsed = schema.safeParse(body.value);
  if (parsed.success) return parsed.data;
  throw misfit(call, issuesText(parsed.error));
}

function failure(answer: HttpAnswer, call: Call): WireError {
  const error = errorIn(answer);
  if (error !== null) {
    const details = [error.code, error.reason, error.field && `at ${error.field}`, error.message].filter(Boolean).join(' ');
    return failureOfStatus(answer, { ...call, code: error.code, details: details.slice(0, 500) });
  }
  // Not the OMS's own words, but perhaps those of something in front of it that had passed the call on.
  if (call.effect === 'write' && answer.status !== 429) {
    return new WireError(`${call.what}: expected an error of the contract with HTTP ${answer.status}`, {
      kind: 'unknown',
      code: `HTTP_${answer.status}`,
    });
  }
  return failureOfStatus(answer, call);
}
