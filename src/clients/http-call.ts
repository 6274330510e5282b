import { type Effect, kindOfMisfit, kindWithoutAnswer, retryAfterMs, WireError } from './wire-error.ts';

export type HttpRequest = {
  /** For messages: `read order ORD-1 at Buy with Prime`. */
  readonly what: string;
  readonly effect: Effect;
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: HeadersInit;
  readonly body?: string;
  /** For the whole exchange, the body of the answer included. */
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** An answer of any status, read to its end. */
export type HttpAnswer = { readonly status: number; readonly headers: Headers; readonly text: string };

export const DEFAULT_TIME_LIMIT_MS = 10_000;

/** An order with hundreds of refunds stays far below this. */
const LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * One attempt of one HTTP exchange. Redirects are answers like any other: a followed one would send credentials or a payment elsewhere.
 * @throws WireError `refused` (UNSENDABLE_HEADER) or `unavailable` when nothing can have reached the other side; else by effect when no whole answer came (codes TIMED_OUT, ABORTED,
 * a system code), or one of more than 8 MiB or not in UTF-8 (ANSWER_TOO_LONG, ANSWER_NOT_UTF8).
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { what, effect, url, method, headers, body, timeLimitMs, signal } = request;
  if (signal?.aborted) {
    throw new WireError(`${what}: given up by the caller before it was sent`, { kind: 'unavailable', code: 'ABORTED' }, { cause: signal.reason });
  }
  const sendable = sendableHeaders(headers, what);
  const limit = AbortSignal.timeout(timeLimitMs);
  try {
    const response = await fetch(url, {
      method,
      headers: sendable,
      body: body ?? null,
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    return { status: response.status, headers: response.headers, text: await readText(response, request) };
  } catch (error) {
    if (error instanceof WireError) throw error;
    const lost = kindWithoutAnswer(effect);
    if (signal?.aborted) throw new WireError(`${what}: given up by the caller`, { kind: lost, code: 'ABORTED' }, { cause: error });
    if (limit.aborted) throw new WireError(`${what}: no answer within ${timeLimitMs} ms`, { kind: lost, code: 'TIMED_OUT' }, { cause: error });
    const { code, unsent, text } = networkFailure(error);
    throw new WireError(`${what}: ${text}`, { kind: unsent ? 'unavailable' : lost, code }, { cause: error });
  }
}

/**
 * The error of an answer whose status says that it did not work, for callers who found nothing better in its body:
 * 429 `throttled`; 408 and 5xx by effect; other 4xx `refused`; a redirect or anything else does not fit and goes by effect.
 */
export function failureOfStatus(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  { what, effect, code = `HTTP_${status}`, details = '' }: { what: string; effect: Effect; code?: string; details?: string },
): WireError {
  const lost = status === 408 || status >= 500;
  const kind = status === 429 ? 'throttled' : lost ? kindWithoutAnswer(effect) : status >= 400 && status < 500 ? 'refused' : kindOfMisfit(effect);
  return new WireError(`${what}: HTTP ${status}${details === '' ? '' : `, ${details}`}`, {
    kind,
    code,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()),
  });
}

function sendableHeaders(headers: HeadersInit, what: string): Headers {
  try {
    return new Headers(headers);
  } catch {
    // The error would show the value, which may be a secret.
    throw new WireError(`${what}: expected ids and tokens that can stand in an HTTP header`, { kind: 'refused', code: 'UNSENDABLE_HEADER' });
  }
}

async function readText(response: Response, { what, effect }: HttpRequest): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > LONGEST_ANSWER_BYTES) {
      await reader?.cancel();
      throw new WireError(`${what}: expected an answer of at most ${LONGEST_ANSWER_BYTES} bytes`, {
        kind: kindOfMisfit(effect),
        code: 'ANSWER_TOO_LONG',
      });
    }
    chunks.push(part.value);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new WireError(`${what}: expected an answer in UTF-8`, { kind: kindOfMisfit(effect), code: 'ANSWER_NOT_UTF8' }, { cause });
  }
}

/** What fetch hides below "fetch failed". Only failures of the look-up and the connecting prove that nothing was sent. */
function networkFailure(error: unknown): { code: string | null; unsent: boolean; text: string } {
  const cause = (error as NodeFailure).cause ?? (error as NodeFailure);
  // All addresses of one name fail as one error that lists them.
  const { code, syscall, message } = cause.errors?.[0] ?? cause;
  return {
    code: code ?? null,
    unsent: syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT',
    text: message || String(error),
  };
}

type NodeFailure = {
  readonly message?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly cause?: NodeFailure;
  readonly errors?: NodeFailure[];
};
