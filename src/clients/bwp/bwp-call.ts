import { ClientError, GraphQLClient } from 'graphql-request';
import type { z } from 'zod';
import type { OrderRef } from '../../domain/ids.ts';
import { parseExactJson } from '../exact-json.ts';
import { exchange, failureOfStatus } from '../http-call.ts';
import { type Effect, kindOfMisfit, retryAfterMs, WireError } from '../wire-error.ts';
import { issuesText } from '../wire-values.ts';
import type { AccessToken, AccessTokens } from './access-token.ts';
import type { BwpApiVersion } from './documents.ts';
import { kindOfDenial, readErrors } from './error-answer.ts';

/** One operation on one order. */
export type Call<Data> = {
  readonly what: string;
  readonly effect: Effect;
  readonly ref: OrderRef;
  readonly document: string;
  readonly variables: Record<string, unknown>;
  readonly data: z.ZodType<Data>;
  readonly signal: AbortSignal | undefined;
};

/** Where calls go, and as whom. */
export type Caller = { readonly url: string; readonly timeLimitMs: number; readonly apiVersion: BwpApiVersion; readonly tokens: AccessTokens };

/** The part of an answer that is looked at, of graphql-request's response and of its ClientError alike. */
type Answer = { readonly status: number; readonly headers: Headers; readonly data?: unknown; readonly errors?: unknown };

/** One attempt. @throws WireError and nothing else. */
export async function makeCall<Data>(request: Call<Data>, { url, timeLimitMs, apiVersion, tokens }: Caller): Promise<Data> {
  const { what, effect, ref, data, signal } = request;
  const token = await tokens.current(signal);
  const answer = await send(request, {
    url,
    timeLimitMs,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${token.value}`,
      'x-api-target-id': ref.businessProductId,
      'x-api-version': apiVersion,
    },
  });
  const failure = failureOf(answer, { what, effect, token });
  if (failure !== null) {
    if (failure.denied) tokens.drop(token.value);
    throw failure.error;
  }
  const parsed = data.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  throw new WireError(`${what}: ${issuesText(parsed.error)}`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });
}

/** One HTTP exchange through graphql-request, which would otherwise throw on `errors` and on statuses: here every answer comes back as one. */
async function send(
  { what, effect, document, variables, signal }: Call<unknown>,
  { url, timeLimitMs, headers }: { readonly url: string; readonly timeLimitMs: number; readonly headers: Record<string, string> },
): Promise<Answer> {
  let answered = false;
  const client = new GraphQLClient(url, {
    errorPolicy: 'all',
    jsonSerializer: { parse: parseExactJson, stringify: JSON.stringify },
    fetch: async (_url, init) => {
      const answer = await exchange({
        what,
        effect,
        url,
        method: 'POST',
        headers,
        body: String(init?.body),
        timeLimitMs,
        signal,
      });
      answered = true;
      return new Response(answer.text === '' ? null : answer.text, answer);
    },
  });
  try {
    return await client.rawRequest(document, variables);
  } catch (error) {
    if (!answered) throw error;
    // Its message holds the whole exchange, which is not for logs and histories: take the answer and leave the error.
    if (error instanceof ClientError) return error.response;
    throw new WireError(`${what}: expected a GraphQL answer in JSON`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });
  }
}

/** Null: the answer has no errors. `denied`: the token is not to be used again. */
function failureOf(
  answer: Answer,
  { what, effect, token }: { readonly what: string; readonly effect: Effect; readonly token: AccessToken },
): { readonly error: WireError; readonly denied: boolean } | null {
  const { status, headers } = answer;
  const rootShown = Object.values(answer.data ?? {}).some((root) => root !== null);
  const verdict = readErrors(answer.errors, { effect, rootShown, token });
  const failed = status < 200 || status > 299;
  if (verdict === null && !failed) return null;
  const retry = { retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) };
  const age = token.fresh ? 'with a new access token' : 'with an older access token';
  if (verdict !== null && status !== 429 && (verdict.documented || !failed)) {
    const { kind, code, text, denied } = verdict;
    return { denied, error: new WireError(`${what}: ${text}${denied ? `, ${age}` : ''}`, { kind, code, ...retry }) };
  }
  if (status === 401 || status === 403) {
    return { denied: true, error: new WireError(`${what}: HTTP ${status}, ${age}`, { kind: kindOfDenial(token), code: `HTTP_${status}`, ...retry }) };
  }
  return {
    denied: false,
    error: failureOfStatus(answer, { what, effect, details: verdict?.text ?? '', ...(verdict?.code && { code: verdict.code }) }),
  };
}
