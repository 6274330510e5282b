import { ClientError, GraphQLClient } from 'graphql-request';
import type { z } from 'zod';
import type { OrderId, OrderRef, RefundId } from '../../domain/ids.ts';
import { decimalFromMoney, type Money } from '../../domain/money.ts';
import type { BwpOrder, BwpRefund } from '../../domain/order.ts';
import type { RefundUpdate } from '../../domain/refund-state.ts';
import { exactJsonNumber, parseExactJson } from '../exact-json.ts';
import { DEFAULT_TIME_LIMIT_MS, exchange, failureOfStatus } from '../http-call.ts';
import { type Effect, kindOfMisfit, retryAfterMs, WireError } from '../wire-error.ts';
import { issuesText } from '../wire-values.ts';
import { type AccessToken, createAccessTokens } from './access-token.ts';
import { type BwpApiVersion, DIALECTS } from './documents.ts';
import { kindOfDenial, readErrors } from './error-answer.ts';
import { orderData, updatedIdData, updatedOrderData } from './order-answer.ts';

export type BwpApiOptions = {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiVersion: BwpApiVersion;
  /** How amounts are written; reading takes both. */
  readonly amountFormat: 'number' | 'string';
  /** Of each HTTP exchange; 10 s when left out. */
  readonly timeLimitMs?: number;
  /** The clock of the token's life: milliseconds, only ever forward. */
  readonly now?: () => number;
};

/** Buy with Prime's orders, one attempt per call. Every method throws WireError and nothing else. */
export interface BwpApi {
  /** @throws WireError `refused` with code ResourceNotFoundError when there is no such order. */
  readOrder(ref: OrderRef, signal?: AbortSignal): Promise<BwpOrder>;
  /**
   * Sets one refund that Buy with Prime requested, and gives it back as it is shown afterwards. Safe to send again: all values are absolute, except
   * `payments`, of which only those not shown yet may be given.
   * @throws WireError `refused` with an errorCode of domain.md 5.4, or `unknown`: read the order before sending again.
   */
  updateRefund(ref: OrderRef, refundId: RefundId, update: RefundUpdate, signal?: AbortSignal): Promise<BwpRefund>;
}

type Call<Data> = {
  readonly what: string;
  readonly effect: Effect;
  readonly ref: OrderRef;
  readonly document: string;
  readonly variables: Record<string, unknown>;
  readonly data: z.ZodType<Data>;
  readonly signal: AbortSignal | undefined;
};

/** The only type that is published (domain.md 2.3); the OMS's own words for the method go into `displayString`. */
const PAYMENT_METHOD_TYPE = 'AMAZON_PAY';

/** The part of an answer that is looked at, of graphql-request's response and of its ClientError alike. */
type Answer = { readonly status: number; readonly headers: Headers; readonly data?: unknown; readonly errors?: unknown };

/** @throws TypeError when `url` or `tokenUrl` is no URL. */
export function createBwpApi(options: BwpApiOptions): BwpApi {
  const { timeLimitMs = DEFAULT_TIME_LIMIT_MS, now = () => performance.now(), apiVersion, amountFormat } = options;
  const url = new URL(options.url).href;
  const tokens = createAccessTokens({ ...options, tokenUrl: new URL(options.tokenUrl).href, timeLimitMs, now });
  const dialect = DIALECTS[apiVersion];

  const call = async <Data>(request: Call<Data>): Promise<Data> => {
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
  };

  const readOrder = async (ref: OrderRef, signal?: AbortSignal): Promise<BwpOrder> => {
    const what = `read order ${ref.orderId} at Buy with Prime`;
    const { document, variables } = dialect.readOrder;
    const order = await call({ what, effect: 'read', ref, document, variables: variables(ref.orderId), data: orderData, signal });
    if (order === null) throw new WireError(`${what}: there is no such order`, { kind: 'refused', code: 'ResourceNotFoundError' });
    expectOrder(order.id, { what, effect: 'read', ref });
    return order;
  };

  const updateRefund: BwpApi['updateRefund'] = async (ref, refundId, update, signal) => {
    const what = `report refund ${refundId} of order ${ref.orderId} to Buy with Prime`;
    const { document, variables } = dialect.updateRefund;
    const input = variables(ref.orderId, refundInput(refundId, update, amountFormat));
    const write = { what, effect: 'write', ref, document, variables: input, signal } as const;
    const order = dialect.updateShowsOrder
      ? await call({ ...write, data: updatedOrderData })
      : await call({ ...write, data: updatedIdData }).then((id) => {
          expectOrder(id, write);
          return readOrder(ref, signal).catch((error) => {
            throw unseen(what, error);
          });
        });
    expectOrder(order.id, write);
    const shown = order.refunds.find(({ id }) => id === refundId);
    if (shown !== undefined) return shown;
    throw new WireError(`${what}: the order does not show this refund afterwards`, { kind: 'unknown', code: 'UNREADABLE_ANSWER' });
  };

  return { readOrder, updateRefund };
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

function refundInput(id: RefundId, { state, total, payments, alias, statusReason }: RefundUpdate, format: 'number' | 'string') {
  const money = (amount: Money) => {
    const text = decimalFromMoney(amount);
    return { amount: format === 'number' ? exactJsonNumber(text) : text, currencyCode: amount.currency };
  };
  return {
    id,
    state,
    refundTotal: { totalAmount: money(total) },
    ...(alias !== null && { aliases: [alias] }),
    ...(statusReason !== null && { refundStatusReason: statusReason }),
    ...(payments.length > 0 && {
      paymentDetails: payments.map((payment) => ({
        id: payment.id,
        amount: money(payment.amount),
        paymentMethod: { displayString: payment.methodDisplay, type: PAYMENT_METHOD_TYPE },
        state: 'SUCCESS',
        createdAt: payment.at,
      })),
    }),
  };
}

function expectOrder(shown: OrderId, { what, effect, ref }: { readonly what: string; readonly effect: Effect; readonly ref: OrderRef }): void {
  if (shown === ref.orderId) return;
  throw new WireError(`${what}: expected that order, got order ${shown}`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });
}

/** The update was accepted and could not be looked at: for the caller the same as an update whose answer was lost. */
function unseen(what: string, error: unknown): unknown {
  if (!(error instanceof WireError)) return error;
  const { code, retryAfterMs: wait } = error;
  return new WireError(`${what}: accepted, then not seen: ${error.message}`, { kind: 'unknown', code, retryAfterMs: wait }, { cause: error });
}
