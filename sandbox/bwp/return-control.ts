import { AdminError } from './admin-error.ts';
import { timestamp } from './clock.ts';
import type { ControlOutcome } from './control.ts';
import type { OrderRecord, ReturnRecord } from './order-record.ts';
import { changedReturn, type ReturnChange, type ReturnRequest, returnFromBody } from './return-intake.ts';
import { unitsThatDoNotFit, withReturn } from './return-rules.ts';
import type { Switches } from './switches.ts';

/**
 * Opens returns of the shopper; RETURN_STARTED tells of those that are no drafts, in one event.
 * @throws AdminError 409 when an id is taken or units are returned already, RangeError when a line is unknown.
 */
export function openReturns(order: OrderRecord, requests: readonly ReturnRequest[], switches: Switches): ControlOutcome {
  let current = order;
  const told: { readonly returnId: string }[] = [];
  for (const request of requests) {
    const record = returnFromBody(request, current, switches);
    refuseTakenIds(current, record);
    const excess = unitsThatDoNotFit(current, record.lines, { mayOverlap: switches.overlappingReturns === 'all' });
    if (excess) throw new AdminError(409, `lines: expected at most ${excess.free} units of line ${excess.lineId}, got ${excess.wanted}`);
    current = withReturn(current, record);
    if (request.emit && record.state !== 'DRAFT') told.push({ returnId: record.id });
  }
  return { order: current, facts: told.length === 0 ? [] : [{ type: 'RETURN_STARTED', about: told }] };
}

/** @throws AdminError 404 when the order has no such return, 409 when it is an external one, which only its caller changes. */
export function requestedReturn(order: OrderRecord, id: string): ReturnRecord {
  const record = order.returns.find((known) => known.id === id);
  if (!record) throw new AdminError(404, `order ${order.id} has no return ${id}`);
  if (record.origin === 'external') throw new AdminError(409, `return ${id} is external: whoever added it changes it, by updateOrder`);
  return record;
}

/** Changes a return as Amazon would, past any rule: also the way to end one that cannot be graded. @throws AdminError as `requestedReturn`. */
export function changeReturn(order: OrderRecord, id: string, change: ReturnChange, switches: Switches): ControlOutcome {
  const known = requestedReturn(order, id);
  const changed = changedReturn(known, change, timestamp(switches.timestampDigits));
  const isStarted = known.state === 'DRAFT' && changed.state === 'CREATED';
  const isCompleted = known.state !== 'COMPLETED' && changed.state === 'COMPLETED';
  const types = [...(isStarted ? ['RETURN_STARTED'] : []), ...(isCompleted ? ['RETURN_COMPLETED'] : [])];
  return { order: withReturn(order, changed), facts: change.emit ? types.map((type) => ({ type, about: [{ returnId: id }] })) : [] };
}

/** Ids of returns, and of the packages and lines of all returns, are unique in an order. */
function refuseTakenIds(order: OrderRecord, record: ReturnRecord): void {
  const parts = (returns: readonly ReturnRecord[]) =>
    returns.flatMap(({ id, packages, lines }) => [id, ...[...packages, ...lines].map((part) => part.id)]);
  const taken = new Set(parts(order.returns));
  for (const id of parts([record])) {
    if (taken.has(id)) throw new AdminError(409, `${id}: a return of order ${order.id}, or a part of one, has this id already`);
    taken.add(id);
  }
}
