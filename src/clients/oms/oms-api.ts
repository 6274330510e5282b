import type { z } from 'zod';
import type { OrderId, RefundKey } from '../../domain/ids.ts';
import type { CapturedOrder, Ledger, LedgerEntry, Payment } from '../../domain/order.ts';
import { parseExactJson } from '../exact-json.ts';
import { DEFAULT_TIME_LIMIT_MS, exchange, failureOfStatus, type HttpAnswer } from '../http-call.ts';
import { type Effect, kindOfMisfit, WireError } from '../wire-error.ts';
import { issuesText } from '../wire-values.ts';
import { capabilities, entryAnswer, entryBesideError, errorAnswer, ledgerAnswer, type OmsCapabilities, orderAnswer } from './oms-answers.ts';
import { paymentBody, type RefundRecord, recordBody } from './oms-requests.ts';

export type OmsApiOptions = {
  /** Where the contract's paths begin. */
  readonly url: string;
  /** Sent as a bearer token when given. */
  readonly token?: string;
  /** Of each HTTP exchange; 10 s when left out. */
  readonly timeLimitMs?: number;
};

/**
 * The business answers to a money call. `entry`: accepted or paid, now or by an earlier call with this key; its state says how far it is. `declined`: the
 * OMS stored it as FAILED. `stale_ledger`: nothing was stored. `key_reused`: the key is known with another amount or other lines, and `entry` stands.
 */
export type CreateRefundAnswer =
  | { readonly kind: 'entry' | 'declined' | 'key_reused' | 'key_voided'; readonly entry: LedgerEntry }
  | { readonly kind: 'stale_ledger' };

/** `closed`: a PARTIAL became SUCCEEDED with what was paid. `already_credited`: nothing changed. `failed`: it had failed before. */
export type VoidRefundAnswer = { readonly kind: 'voided' | 'closed' | 'already_credited' | 'failed'; readonly entry: LedgerEntry };

/** The OMS's HTTP contract (design.md 5), one attempt per call. Every method throws WireError and nothing else. */
export interface OmsApi {
  /** Null: the OMS does not know the order. */
  readOrder(orderId: OrderId, signal?: AbortSignal): Promise<CapturedOrder | null>;
  /** Null: the OMS does not know the order. */
  readLedger(orderId: OrderId, signal?: AbortSignal): Promise<Ledger | null>;
  /**
   * The money call. The same key pays once, where the OMS honours keys.
   * @throws WireError `unknown` whenever it may have paid, an answer that cannot be read included; `refused` (INVALID_REQUEST, ORDER_NOT_FOUND,
   * UNAUTHORIZED, …) when it has not.
   */
  createRefund(orderId: OrderId, payment: Payment, expectedVersion: string, signal?: AbortSignal): Promise<CreateRefundAnswer>;
  /** Null: the OMS does not know the key (yet: a call may still be under way). */
  readRefund(orderId: OrderId, key: RefundKey, signal?: AbortSignal): Promise<LedgerEntry | null>;
  /** Ends what was not credited; a key not known yet is stored as VOIDED, so that a late money call with it pays nothing. Safe to repeat. */
  voidRefund(orderId: OrderId, key: RefundKey, signal?: AbortSignal): Promise<VoidRefundAnswer>;
  /** Idempotent by refund id; may grow. @throws WireError `refused` SMALLER_THAN_RECORDED. */
  recordRefund(orderId: OrderId, record: RefundRecord, signal?: AbortSignal): Promise<LedgerEntry>;
  capabilities(signal?: AbortSignal): Promise<OmsCapabilities>;
}

type Call = { readonly what: string; readonly effect: Effect };

/** @throws TypeError when `url` is no URL. */
export function createOmsApi({ url, token, timeLimitMs = DEFAULT_TIME_LIMIT_MS }: OmsApiOptions): OmsApi {
  const base = new URL(url).href.replace(/\/+$/, '');
  const authorization = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };

  const send = async (
    call: Call,
    method: 'GET' | 'PUT' | 'DELETE',
    path: readonly string[],
    { body, headers, signal }: { readonly body?: unknown; readonly headers?: Record<string, string>; readonly signal: AbortSignal | undefined },
  ): Promise<HttpAnswer> =>
    exchange({
      ...call,
      method,
      url: `${base}/${path.map((segment) => pathSegment(segment, call)).join('/')}`,
      headers: { accept: 'application/json', ...authorization, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeLimitMs,
      signal,
    });

  return {
    async readOrder(orderId, signal) {
      const call: Call = { what: `read order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId], { signal });
      if (isError(answer, 404, 'ORDER_NOT_FOUND')) return null;
      const { order, aliases } = read(answer, [200], orderAnswer, call);
      if (order.id !== orderId && !aliases.includes(orderId)) throw misfit(call, `id: expected order ${orderId}, got order ${order.id}`);
      return order;
    },

    async readLedger(orderId, signal) {
      const call: Call = { what: `read the refunds of order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId, 'refunds'], { signal });
      if (isError(answer, 404, 'ORDER_NOT_FOUND')) return null;
      const { version, entries } = read(answer, [200], ledgerAnswer, call);
      return { version: ledgerVersion(answer, version, call), entries };
    },

    async createRefund(orderId, payment, expectedVersion, signal) {
      const call: Call = { what: `pay refund ${payment.key} at the OMS`, effect: 'write' };
      const answer = await send(call, 'PUT', ['orders', orderId, 'refunds', payment.key], {
        body: paymentBody(payment),
        headers: { 'if-match': `"${expectedVersion}"` },
        signal,
      });
      if (isError(answer, 412, 'STALE_LEDGER')) return { kind: 'stale_ledger' };
      for (const [status, code, kind] of STORED) {
        if (isError(answer, status, code)) return { kind, entry: expectKey(read(answer, [status], entryBesideError, call), payment.key, call) };
      }
      return { kind: 'entry', entry: expectKey(read(answer, [200, 201, 202], entryAnswer, call), payment.key, call) };
    },

    async readRefund(orderId, key, signal) {
      const call: Call = { what: `look up refund ${key} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId, 'refunds', key], { signal });
      if (isError(answer, 404, 'REFUND_NOT_FOUND')) return null;
      return expectKey(read(answer, [200], entryAnswer, call), key, call);
    },

    async voidRefund(orderId, key, signal) {
      const call: Call = { what: `void refund ${key} at the OMS`, effect: 'write' };
      const answer = await send(call, 'DELETE', ['orders', orderId, 'refunds', key], { signal });
      if (isError(answer, 409, 'ALREADY_CREDITED')) {
        return { kind: 'already_credited', entry: expectKey(read(answer, [409], entryBesideError, call), key, call) };
      }
      const entry = expectKey(read(answer, [200], entryAnswer, call), key, call);
      if (entry.state === 'VOIDED') return { kind: 'voided', entry };
      if (entry.state === 'SUCCEEDED') return { kind: 'closed', entry };
      if (entry.state === 'FAILED') return { kind: 'failed', entry };
      throw misfit(call, `state: expected VOIDED, SUCCEEDED or FAILED after a void, got ${entry.state}`);
    },

    async recordRefund(orderId, record, signal) {
      const call: Call = { what: `record refund ${record.refundId} of Amazon at the OMS`, effect: 'write' };
      const answer = await send(call, 'PUT', ['orders', orderId, 'recorded-refunds', record.refundId], { body: recordBody(record), signal });
      return expectKey(read(answer, [200, 201], entryAnswer, call), `recorded/${record.refundId}`, call);
    },

    async capabilities(signal) {
      const call: Call = { what: 'read the capabilities of the OMS', effect: 'read' };
      return read(await send(call, 'GET', ['capabilities'], { signal }), [200], capabilities, call);
    },
  };
}

/** Answers to a money call that say no and carry the entry as it is stored. */
const STORED = [
  [422, 'DECLINED', 'declined'],
  [409, 'KEY_REUSED', 'key_reused'],
  [409, 'KEY_VOIDED', 'key_voided'],
] as const;

/** Ids are opaque, so one may be `..`, which every URL parser takes for a step up, percent-encoded or not. */
function pathSegment(text: string, { what }: Call): string {
  if (/^\.{1,2}$/.test(text) || /\p{Surrogate}/u.test(text)) {
    throw new WireError(`${what}: expected an id that can stand in a URL, got ${JSON.stringify(text)}`, { kind: 'refused', code: 'UNSENDABLE_ID' });
  }
  return encodeURIComponent(text);
}

const misfit = ({ what, effect }: Call, text: string): WireError =>
  new WireError(`${what}: ${text}`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });

function jsonIn({ text }: HttpAnswer): { readonly value: unknown } | null {
  try {
    return { value: parseExactJson(text) };
  } catch {
    return null;
  }
}

const errorIn = (answer: HttpAnswer): z.infer<typeof errorAnswer>['error'] | null => errorAnswer.safeParse(jsonIn(answer)?.value).data?.error ?? null;

const isError = (answer: HttpAnswer, status: number, code: string): boolean => answer.status === status && errorIn(answer)?.code === code;

/** @throws WireError for any other status, or a body of another shape. */
function read<Out>(answer: HttpAnswer, statuses: readonly number[], schema: z.ZodType<Out>, call: Call): Out {
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

/** The ETag, weak or not; an OMS behind something that drops it still has the version in the body. */
function ledgerVersion({ headers }: HttpAnswer, inBody: string | null, call: Call): string {
  const inHeader = /^(?:W\/)?"(.+)"$/.exec(headers.get('etag') ?? '')?.[1] ?? null;
  if (inHeader !== null && inBody !== null && inHeader !== inBody) {
    throw misfit(call, `version: expected the ETag's "${inHeader}" in the body too, got "${inBody}"`);
  }
  const version = inHeader ?? inBody;
  if (version === null || version === '') throw misfit(call, 'version: expected an ETag');
  return version;
}

function expectKey(entry: LedgerEntry, key: string, call: Call): LedgerEntry {
  if (entry.key !== key) throw misfit(call, `key: expected ${key}, got ${entry.key}`);
  return entry;
}
