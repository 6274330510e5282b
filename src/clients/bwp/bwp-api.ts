import type { OrderId, OrderRef, RefundId, ReturnId } from '../../domain/ids.ts';
import type { Alias, BwpOrder, BwpRefund, BwpReturn } from '../../domain/order.ts';
import type { RefundUpdate } from '../../domain/refund-state.ts';
import { DEFAULT_TIME_LIMIT_MS } from '../http-call.ts';
import { type Effect, kindOfMisfit, WireError } from '../wire-error.ts';
import { createAccessTokens } from './access-token.ts';
import { type Call, makeCall } from './bwp-call.ts';
import { type BwpApiVersion, dialectOf, type Operation } from './documents.ts';
import { orderData, updatedIdData, updatedOrderData } from './order-answer.ts';
import {
  type AmountFormat,
  type NewRefund,
  type NewReturn,
  newRefundInput,
  newReturnInput,
  type ReturnUpdate,
  refundInput,
  returnInput,
} from './order-input.ts';

export type BwpApiOptions = {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiVersion: BwpApiVersion;
  readonly amountFormat: AmountFormat;
  /** Whether it is asked what a refund was opened for (domain.md 3.3: on no published page); yes when left out. */
  readonly readsCauses?: boolean;
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
  /**
   * Adds a refund that the OMS made by itself, under its alias, by which it is found again: an add whose answer was lost must not be sent blindly.
   * @throws WireError as `updateRefund`; InvalidAliasId where another refund has the alias.
   */
  addRefund(ref: OrderRef, refund: NewRefund & { readonly alias: Alias }, signal?: AbortSignal): Promise<BwpRefund>;
  /**
   * Adds a return that was opened in the OMS. Found again by its aliases.
   * @throws WireError as `updateRefund`; AliasLimitExceeded, AliasValueAlreadyExists, DuplicateAliasId, or ValidationError where Buy with Prime names no code.
   */
  addReturn(ref: OrderRef, added: NewReturn, signal?: AbortSignal): Promise<BwpReturn>;
  /** Changes a return that was added so; all values are absolute. @throws WireError as `addReturn`. */
  updateReturn(ref: OrderRef, returnId: ReturnId, update: ReturnUpdate, signal?: AbortSignal): Promise<BwpReturn>;
}

/** A write, and how its object is found in the order that is shown afterwards. */
type Write<Shown> = {
  readonly what: string;
  readonly ref: OrderRef;
  readonly operation: Operation<[OrderId, entry: Record<string, unknown>]>;
  readonly entry: Record<string, unknown>;
  readonly find: (order: BwpOrder) => Shown | undefined;
  readonly signal: AbortSignal | undefined;
};

/** @throws TypeError when `url` or `tokenUrl` is no URL. */
export function createBwpApi(options: BwpApiOptions): BwpApi {
  const { timeLimitMs = DEFAULT_TIME_LIMIT_MS, now = () => performance.now(), apiVersion, amountFormat, readsCauses = true } = options;
  const url = new URL(options.url).href;
  const tokens = createAccessTokens({ ...options, tokenUrl: new URL(options.tokenUrl).href, timeLimitMs, now });
  const dialect = dialectOf(apiVersion, { readsCauses });
  const call = <Data>(request: Call<Data>): Promise<Data> => makeCall(request, { url, timeLimitMs, apiVersion, tokens });

  const readOrder = async (ref: OrderRef, signal?: AbortSignal): Promise<BwpOrder> => {
    const what = `read order ${ref.orderId} at Buy with Prime`;
    const { document, variables } = dialect.readOrder;
    const order = await call({ what, effect: 'read', ref, document, variables: variables(ref.orderId), data: orderData, signal });
    if (order === null) throw new WireError(`${what}: there is no such order`, { kind: 'refused', code: 'ResourceNotFoundError' });
    expectOrder(order.id, { what, effect: 'read', ref });
    return order;
  };

  const write = async <Shown>({ what, ref, operation, entry, find, signal }: Write<Shown>): Promise<Shown> => {
    const request = { what, effect: 'write', ref, document: operation.document, variables: operation.variables(ref.orderId, entry), signal } as const;
    const order = dialect.updateShowsOrder
      ? await call({ ...request, data: updatedOrderData })
      : await call({ ...request, data: updatedIdData }).then((id) => {
          expectOrder(id, request);
          return readOrder(ref, signal).catch((error) => {
            throw unseen(what, error);
          });
        });
    expectOrder(order.id, request);
    const shown = find(order);
    if (shown !== undefined) return shown;
    throw new WireError(`${what}: the order does not show it afterwards`, { kind: 'unknown', code: 'UNREADABLE_ANSWER' });
  };

  return {
    readOrder,

    updateRefund: (ref, refundId, update, signal) =>
      write({
        what: `report refund ${refundId} of order ${ref.orderId} to Buy with Prime`,
        ref,
        operation: dialect.updateRefund,
        entry: refundInput(refundId, update, amountFormat),
        find: ({ refunds }) => refunds.find(({ id }) => id === refundId),
        signal,
      }),

    addRefund: (ref, refund, signal) =>
      write({
        what: `add refund ${refund.alias.aliasId} to order ${ref.orderId} at Buy with Prime`,
        ref,
        operation: dialect.updateRefund,
        entry: newRefundInput(refund, amountFormat),
        find: ({ refunds }) => refunds.find(({ aliases }) => hasAlias(aliases, refund.alias)),
        signal,
      }),

    addReturn: (ref, added, signal) =>
      write({
        what: `add return ${added.aliases.map(({ aliasId }) => aliasId).join(', ')} to order ${ref.orderId} at Buy with Prime`,
        ref,
        operation: dialect.updateReturn,
        entry: newReturnInput(added),
        find: ({ returns }) => returns.find(({ aliases }) => added.aliases.length > 0 && added.aliases.every((alias) => hasAlias(aliases, alias))),
        signal,
      }),

    updateReturn: (ref, returnId, update, signal) =>
      write({
        what: `report return ${returnId} of order ${ref.orderId} to Buy with Prime`,
        ref,
        operation: dialect.updateReturn,
        entry: returnInput(returnId, update),
        find: ({ returns }) => returns.find(({ id }) => id === returnId),
        signal,
      }),
  };
}

const hasAlias = (aliases: readonly Alias[], { aliasType, aliasId }: Alias): boolean =>
  aliases.some((alias) => alias.aliasType === aliasType && alias.aliasId === aliasId);

function expectOrder(shown: OrderId, { what, effect, ref }: { readonly what: string; readonly effect: Effect; readonly ref: OrderRef }): void {
  if (shown === ref.orderId) return;
  throw new WireError(`${what}: expected that order, got order ${shown}`, { kind: kindOfMisfit(effect), code: 'UNREADABLE_ANSWER' });
}

/** The write was accepted and could not be looked at: for the caller the same as a write whose answer was lost. */
function unseen(what: string, error: unknown): unknown {
  if (!(error instanceof WireError)) return error;
  const { code, retryAfterMs: wait } = error;
  return new WireError(`${what}: accepted, then not seen: ${error.message}`, { kind: 'unknown', code, retryAfterMs: wait }, { cause: error });
}
