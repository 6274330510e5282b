import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecord } from './calls.ts';
import { timestamp } from './clock.ts';
import { ApiError } from './errors.ts';
import type { FaultRule } from './faults.ts';
import type { Alias, OrderRecord } from './order-record.ts';
import { viewOrder } from './order-view.ts';
import { type RefundInput, updateRefunds } from './refund-update.ts';
import { type ReturnInput, updateReturns } from './return-update.ts';
import type { Sandbox } from './sandbox.ts';
import type { Switches } from './switches.ts';
import type { UpdateOutcome } from './update-outcome.ts';

/** One HTTP request to /graphql: what its headers say, its log record, and the fault that decides how it ends. */
export type Call = {
  readonly authorization: string | undefined;
  readonly apiVersion: string | undefined;
  readonly targetId: string | undefined;
  readonly record: CallRecord;
  fault?: FaultRule;
  /** How the GraphQL engine answered: `ok` or the first error. The client may see less, if a fault cuts the answer off. */
  outcome?: string;
};

type IdentifierInput = { readonly orderId?: string | null; readonly alias?: Alias | null; readonly orderAlias?: Alias | null };
export type OrderArguments = { readonly orderIdentifier?: IdentifierInput | null; readonly orderId?: string | null };
export type UpdateOrderArguments = {
  readonly orderIdentifier?: IdentifierInput | null;
  readonly input: {
    readonly orderId?: string | null;
    readonly refunds?: { readonly details: readonly RefundInput[] } | null;
    readonly returns?: { readonly details: readonly ReturnInput[] } | null;
  };
};

const NEW_VERSION = '2024-11-01';
const API_VERSIONS: readonly string[] = ['2024-01-01', '2024-04-01', NEW_VERSION];

/** The `order` query. @throws ApiError as domain.md 5.4 lists them. */
export async function readOrder(sandbox: Sandbox, call: Call, args: OrderArguments) {
  const { order, fault } = await begin(sandbox, call, 'order', { args, plainId: args.orderId });
  return order ? answer(sandbox, order.id, fault) : null;
}

/** The `updateOrder` mutation. @throws ApiError as domain.md 5.4 lists them; nothing is changed then, unless a fault or switch says otherwise. */
export async function updateOrder(sandbox: Sandbox, call: Call, args: UpdateOrderArguments) {
  const { order, fault } = await begin(sandbox, call, 'updateOrder', { args, plainId: args.input.orderId });
  if (!order) return null;
  const outcome = updateParts(order, args.input, sandbox.switches);
  if (outcome.order !== order) {
    sandbox.orders.replace(outcome.order, { at: timestamp(3), apiVersion: call.apiVersion ?? '', arguments: args });
  }
  sandbox.tell(order, outcome.facts);
  if (outcome.failure) throw outcome.failure;
  return { order: answer(sandbox, order.id, fault), id: order.id };
}

/** Refunds first, then returns: both or neither, unless the `atomic` switch is off. @throws ApiError ValidationError. */
function updateParts(order: OrderRecord, { refunds, returns }: UpdateOrderArguments['input'], switches: Switches): UpdateOutcome {
  const sent = { refunds: refunds?.details ?? [], returns: returns?.details ?? [] };
  if (sent.refunds.length + sent.returns.length === 0) {
    throw new ApiError('ValidationError', 'input: expected at least one entry of refunds.details or returns.details');
  }
  const first = updateRefunds(order, sent.refunds, switches);
  if (first.failure) return first;
  try {
    const second = updateReturns(first.order, sent.returns, switches);
    return { ...second, facts: [...first.facts, ...second.facts] };
  } catch (failure) {
    if (switches.atomic || !(failure instanceof ApiError)) throw failure;
    return { ...first, failure };
  }
}

/** What comes before any effect: headers, identifier, the order, and faults that strike early. The order is null where `unknownOrder` says so. */
async function begin(
  sandbox: Sandbox,
  call: Call,
  operation: 'order' | 'updateOrder',
  { args, plainId }: { readonly args: OrderArguments | UpdateOrderArguments; readonly plainId: string | null | undefined },
): Promise<{ readonly order: OrderRecord | null; readonly fault: FaultRule | undefined }> {
  call.record.operation = operation;
  call.record.arguments = args;
  const targetId = checkAccess(sandbox, call);
  const identifier = readIdentifier(operation, args.orderIdentifier, plainId, call.apiVersion === NEW_VERSION);
  const find = () => {
    const order = typeof identifier === 'string' ? sandbox.orders.find(identifier) : sandbox.orders.findByAlias(targetId, identifier);
    return order?.businessProductId === targetId ? order : undefined;
  };
  const orderId = find()?.id ?? (typeof identifier === 'string' ? identifier : undefined);
  if (orderId !== undefined) call.record.orderId = orderId;
  if (!sandbox.callRate.allows(sandbox.switches.callsPerSecond, 1000)) throw new ApiError('ThrottlingError', 'too many calls a second');
  const fault = sandbox.faults.draw(operation, orderId);
  if (fault) {
    call.fault = fault;
    call.record.fault = fault.kind;
    await strikeEarly(fault, sandbox.end.signal);
  }
  const order = find();
  if (order) return { order, fault };
  const named = typeof identifier === 'string' ? identifier : `with alias ${identifier.aliasType} ${identifier.aliasId}`;
  if (sandbox.switches.unknownOrder === 'null') return { order: null, fault };
  throw new ApiError(sandbox.switches.unknownOrder, `there is no order ${named} of business product ${targetId}`);
}

/** @throws ApiError when a header is missing or wrong; returns the business product that is called for. */
function checkAccess(sandbox: Sandbox, { authorization, targetId, apiVersion }: Call): string {
  if (!sandbox.tokens.accepts(authorization)) {
    throw new ApiError('AccessDeniedError', 'Authorization: expected "Bearer" with a token from /token that has not expired');
  }
  if (targetId === undefined || !sandbox.config.businessProductIds.includes(targetId)) {
    throw new ApiError('AccessDeniedError', `x-api-target-id: expected a business product id that this client may use, got ${quote(targetId)}`);
  }
  if (apiVersion === undefined || !API_VERSIONS.includes(apiVersion)) {
    throw new ApiError('ValidationError', `x-api-version: expected one of ${API_VERSIONS.join(', ')}, got ${quote(apiVersion)}`);
  }
  return targetId;
}

const quote = (text: string | undefined): string => (text === undefined ? 'nothing' : `"${text}"`);

/** The order's id or alias. Form B (a plain order id) belongs to the old versions; exactly one identifier may be sent (domain.md 5.2). */
function readIdentifier(
  operation: string,
  identifier: IdentifierInput | null | undefined,
  plainId: string | null | undefined,
  isNewVersion: boolean,
): string | Alias {
  const plainName = operation === 'order' ? 'orderId' : 'input.orderId';
  if (isNewVersion && plainId != null) throw new ApiError('ValidationError', `${plainName}: version ${NEW_VERSION} expects orderIdentifier`);
  const { orderId, alias, orderAlias } = identifier ?? {};
  const sent = [plainId, orderId, alias, orderAlias].filter((value) => value != null);
  const [only] = sent;
  if (only === undefined || sent.length > 1 || (identifier != null && plainId != null)) {
    throw new ApiError('ValidationError', `orderIdentifier: expected exactly one identifier, got ${sent.length}`);
  }
  if (isNewVersion && orderAlias) throw new ApiError('ValidationError', `orderIdentifier.orderAlias: version ${NEW_VERSION} expects alias`);
  if (!isNewVersion && alias) throw new ApiError('ValidationError', `orderIdentifier.alias: only version ${NEW_VERSION} knows it; send orderAlias`);
  return only;
}

/** Faults that keep a call from taking effect; a delay only holds it up. */
async function strikeEarly(fault: FaultRule, end: AbortSignal): Promise<void> {
  switch (fault.kind) {
    case 'throttle':
      throw new ApiError('ThrottlingError', 'fault plan: throttled');
    case 'conflict':
      throw new ApiError('ConflictError', 'fault plan: the order is being changed by someone else');
    case 'internalErrorBefore':
      throw new ApiError('InternalServerError', 'fault plan: failed before the effect');
    case 'http429':
    case 'http500':
    case 'timeoutBefore':
    case 'resetBefore':
      throw new ApiError('InternalServerError', `fault plan: ${fault.kind}`); // never sent: the HTTP layer ends the call
    case 'delay':
      await sleep(fault.ms ?? 1000, undefined, { signal: end }).catch(() => undefined);
      return;
    default:
      return;
  }
}

/** The order to show after a call took effect, unless a fault spoils the answer. */
function answer(sandbox: Sandbox, orderId: string, fault: FaultRule | undefined) {
  if (fault?.kind === 'internalErrorAfter') throw new ApiError('InternalServerError', 'fault plan: failed after the effect');
  const shown = sandbox.orders.find(orderId, fault?.kind === 'staleRead' ? fault.versions : 0);
  if (!shown) throw new RangeError(`order ${orderId} vanished during the call`);
  const view = viewOrder(shown, sandbox.switches);
  if (fault?.kind !== 'partialData') return view;
  const fail = (): never => {
    throw new ApiError('InternalServerError', 'fault plan: refunds are not available');
  };
  return { ...view, refunds: fail };
}
