import { z } from 'zod';
import { parseExactJson } from '../exact-json.ts';
import { exchange, failureOfStatus, type HttpAnswer } from '../http-call.ts';
import { WireError } from '../wire-error.ts';
import { issuesText, wholeUnits } from '../wire-values.ts';

export type AccessTokenOptions = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeLimitMs: number;
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number;
};

/** `fresh`: fetched for this very call, so that a refusal cannot be blamed on its age. */
export type AccessToken = { readonly value: string; readonly fresh: boolean };

export interface AccessTokens {
  /**
   * The token to send, fetched when none is held or the one held ends within a minute. Callers at the same time share one fetch.
   * @throws WireError `refused` (OAuth error code) on bad credentials, `throttled`, or `unavailable`: nothing was sent to the API in any case.
   */
  current(signal?: AbortSignal): Promise<AccessToken>;
  /** Forgets the token, if it is still the one held. */
  drop(value: string): void;
}

const WHAT = 'fetch an access token of Buy with Prime';
const RENEW_EARLY_MS = 60_000;

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: wholeUnits });
const oauthError = z.object({ error: z.string().min(1) });

/** OAuth 2.0 client credentials (RFC 6749 4.4); Amazon's tokens live 15 minutes, older ones stay valid (domain.md 5.1). */
export function createAccessTokens({ tokenUrl, clientId, clientSecret, timeLimitMs, now }: AccessTokenOptions): AccessTokens {
  let held: { readonly value: string; readonly renewAt: number } | null = null;
  let fetching: Promise<string> | null = null;

  const fetchToken = async (): Promise<string> => {
    const askedAt = now();
    const answer = await exchange({
      what: WHAT,
      effect: 'read',
      url: tokenUrl,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString(),
      timeLimitMs,
    });
    const { access_token: value, expires_in: lifeSeconds } = readTokenAnswer(answer);
    const lifeMs = lifeSeconds * 1000;
    // A life of under two minutes would otherwise mean a fetch per call.
    held = { value, renewAt: askedAt + Math.max(lifeMs - RENEW_EARLY_MS, lifeMs / 2) };
    return value;
  };

  return {
    async current(signal) {
      if (held !== null && now() < held.renewAt) return { value: held.value, fresh: false };
      fetching ??= fetchToken().finally(() => {
        fetching = null;
      });
      return { value: await unlessAborted(fetching, signal), fresh: true };
    },
    drop(value) {
      if (held?.value === value) held = null;
    },
  };
}

function readTokenAnswer(answer: HttpAnswer): z.infer<typeof tokenAnswer> {
  const body = jsonOrNull(answer.text);
  if (answer.status !== 200) {
    const { data } = oauthError.safeParse(body);
    throw failureOfStatus(answer, { what: WHAT, effect: 'read', ...(data && { code: data.error, details: data.error }) });
  }
  const parsed = tokenAnswer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new WireError(`${WHAT}: ${issuesText(parsed.error)}`, { kind: 'unavailable', code: 'UNREADABLE_TOKEN' });
}

function jsonOrNull(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return null;
  }
}

/** One caller's abort must not take the token from the others: it only stops this caller's waiting. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new WireError(`${WHAT}: given up by the caller`, { kind: 'unavailable', code: 'ABORTED' }, { cause: signal.reason }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
