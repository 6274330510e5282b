import { createHash } from 'node:crypto';
import type { OrderId, RefundKey } from '../../domain/ids.ts';
import type { CapturedOrder, Ledger, LedgerEntry, OmsReturns, Payment, ToldReturn } from '../../domain/order.ts';
import type { Resolution } from '../../domain/person-answer.ts';
import { DEFAULT_TIME_LIMIT_MS, type HttpAnswer } from '../http-call.ts';
import { capabilities, entryAnswer, entryBesideError, ledgerAnswer, type OmsCapabilities, orderAnswer } from './oms-answers.ts';
import { type Call, createSend, isError, misfit, read } from './oms-exchange.ts';
import { paymentBody, type RefundRecord, recordBody } from './oms-requests.ts';
import { pictureBody, resolutionsAnswer, returnsAnswer, storedResolution, toldAnswer } from './oms-returns.ts';
import { type TouchedOrders, type TouchedQuery, touchedOrders, touchedSearch } from './touched-orders.ts';

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
  /** Null: the OMS does not know the order. `versioned: false`: one that keeps no version is given the sum of what was refunded in its place. */
  readLedger(orderId: OrderId, signal?: AbortSignal, versioned?: boolean): Promise<Ledger | null>;
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
  /** Null: the OMS keeps no returns, or does not know the order. */
  readReturns(orderId: OrderId, signal?: AbortSignal): Promise<OmsReturns | null>;
  /** Gives the OMS the whole picture of a return of Buy with Prime. Safe to repeat. `stale`: it holds another picture under this version or a newer one. */
  tellReturn(orderId: OrderId, told: ToldReturn, signal?: AbortSignal): Promise<'told' | 'stale'>;
  /** What persons found out, oldest first. Null: the OMS keeps none, or does not know the order. */
  readResolutions(orderId: OrderId, signal?: AbortSignal): Promise<readonly Resolution[] | null>;
  /** Safe to repeat. `differs`: another one stands under its key. `not_kept`: the OMS keeps none. */
  putResolution(orderId: OrderId, resolution: Resolution, signal?: AbortSignal): Promise<'kept' | 'differs' | 'not_kept'>;
  capabilities(signal?: AbortSignal): Promise<OmsCapabilities>;
  /** Orders touched at or after a time, one page. */
  listTouched(query: TouchedQuery, signal?: AbortSignal): Promise<TouchedOrders>;
}

/** @throws TypeError when `url` is no URL. */
export function createOmsApi({ url, token, timeLimitMs = DEFAULT_TIME_LIMIT_MS }: OmsApiOptions): OmsApi {
  const send = createSend({ url, token, timeLimitMs });
  return {
    async readOrder(orderId, signal) {
      const call: Call = { what: `read order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId], { signal });
      if (isError(answer, 404, 'ORDER_NOT_FOUND')) return null;
      const { order, aliases } = read(answer, [200], orderAnswer, call);
      if (order.id !== orderId && !aliases.includes(orderId)) throw misfit(call, `id: expected order ${orderId}, got order ${order.id}`);
      return order;
    },

    async readLedger(orderId, signal, versioned = true) {
      const call: Call = { what: `read the refunds of order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId, 'refunds'], { signal });
      if (isError(answer, 404, 'ORDER_NOT_FOUND')) return null;
      const { version, entries } = read(answer, [200], ledgerAnswer, call);
      return { version: ledgerVersion(answer, version, call) ?? standIn(entries, versioned, call), entries };
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

    async listTouched(query, signal) {
      const call: Call = { what: 'list touched orders at the OMS', effect: 'read' };
      return read(await send(call, 'GET', ['orders'], { signal, search: touchedSearch(query) }), [200], touchedOrders, call);
    },

    async readReturns(orderId, signal) {
      const call: Call = { what: `read the returns of order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId, 'returns'], { signal });
      return answer.status === 404 ? null : read(answer, [200], returnsAnswer, call);
    },

    async tellReturn(orderId, { picture, version }, signal) {
      const call: Call = { what: `tell the OMS of return ${picture.id} of order ${orderId}`, effect: 'write' };
      const body = pictureBody(picture, version);
      const answer = await send(call, 'PUT', ['orders', orderId, 'returns', picture.id], { body, signal });
      if (isError(answer, 409, 'STALE_VERSION')) return 'stale';
      const kept = read(answer, [200, 201], toldAnswer, call);
      if (kept.picture.id !== picture.id) throw misfit(call, `id: expected return ${picture.id}, got ${kept.picture.id}`);
      return 'told';
    },

    async readResolutions(orderId, signal) {
      const call: Call = { what: `read the resolutions of order ${orderId} at the OMS`, effect: 'read' };
      const answer = await send(call, 'GET', ['orders', orderId, 'resolutions'], { signal });
      return answer.status === 404 ? null : read(answer, [200], resolutionsAnswer, call).resolutions;
    },

    async putResolution(orderId, { key, ...body }, signal) {
      const call: Call = { what: `keep the resolution of ${key} of order ${orderId} at the OMS`, effect: 'write' };
      const answer = await send(call, 'PUT', ['orders', orderId, 'resolutions', key], { body, signal });
      if (isError(answer, 409, 'KEY_REUSED')) return 'differs';
      if (answer.status === 404 && !isError(answer, 404, 'ORDER_NOT_FOUND')) return 'not_kept';
      const kept = read(answer, [200, 201], storedResolution, call);
      if (kept.key !== key) throw misfit(call, `key: expected ${key}, got ${kept.key}`);
      return 'kept';
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

/** The ETag, weak or not; an OMS behind something that drops it still has the version in the body. */
function ledgerVersion({ headers }: HttpAnswer, inBody: string | null, call: Call): string | null {
  const inHeader = /^(?:W\/)?"(.+)"$/.exec(headers.get('etag') ?? '')?.[1] ?? null;
  if (inHeader !== null && inBody !== null && inHeader !== inBody) {
    throw misfit(call, `version: expected the ETag's "${inHeader}" in the body too, got "${inBody}"`);
  }
  return inHeader ?? (inBody === '' ? null : inBody);
}

/** What is refunded, by key. Only for an OMS that says that it compares no versions: we do, right before each payment. */
function standIn(entries: Ledger['entries'], versioned: boolean, call: Call): string {
  if (versioned) throw misfit(call, 'version: expected an ETag');
  const live = entries.flatMap(({ key, state, total }) => (state === 'FAILED' || state === 'VOIDED' ? [] : [JSON.stringify([key, total])]));
  return `refunded-${createHash('sha256').update(live.sort().join()).digest('hex').slice(0, 32)}`;
}

function expectKey(entry: LedgerEntry, key: string, call: Call): LedgerEntry {
  if (entry.key !== key) throw misfit(call, `key: expected ${key}, got ${entry.key}`);
  return entry;
}
