import { randomUUID } from 'node:crypto';
import { timestamp } from './clock.ts';
import { ApiError, invalid } from './errors.ts';
import type { Fact } from './events.ts';
import type { Alias, LineUnits, OrderRecord, ReturnRecord } from './order-record.ts';
import { type ReturnState, unitsThatDoNotFit, withReturn } from './return-rules.ts';
import type { Switches } from './switches.ts';
import type { UpdateOutcome } from './update-outcome.ts';

type Maybe<Value> = Value | null | undefined;

type UnitsInput = { readonly lineItemId: { readonly id: string }; readonly amount: { readonly value: string; readonly unit?: Maybe<string> } };
type LineInput = { readonly returnFor: { readonly orderLineItemAmounts: readonly UnitsInput[] } };
type IdentifierInput = { readonly id?: Maybe<string>; readonly alias?: Maybe<Alias> };

/** One entry of `input.returns.details`, as the GraphQL engine hands it over: quantities are decimal text. */
export type ReturnInput = {
  readonly returnIdentifier?: Maybe<IdentifierInput>;
  readonly aliases?: Maybe<readonly Alias[]>;
  readonly state?: Maybe<ReturnState>;
  readonly returnLineItems?: Maybe<readonly LineInput[]>;
};

/** Aliases that a return may have (domain.md 3.2). */
const MOST_ALIASES = 2;

/**
 * Adds and updates external returns of an order by the rules of domain.md 3 and 8.2 items 17 and 18. The given order is not changed.
 * @throws ApiError ValidationError, with the documented code where there is one. Nothing is applied then, unless the `atomic` switch is off.
 */
export function updateReturns(order: OrderRecord, inputs: readonly ReturnInput[], switches: Switches): UpdateOutcome {
  refuseRepeatedAliases(inputs);
  let current = order;
  const facts: Fact[] = [];
  const touched = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const path = `returns.details[${index}]`;
    try {
      const known = input.returnIdentifier == null ? undefined : addressedReturn(current, input.returnIdentifier, `${path}.returnIdentifier`);
      if (known && touched.has(known.id)) throw invalid(`${path}.returnIdentifier`, `return ${known.id} is addressed twice in this call`);
      refuseAliases(current, input.aliases ?? [], `${path}.aliases`, known);
      const record = known ? updated(known, input, path, switches) : added(current, input, path, switches);
      touched.add(record.id);
      current = withReturn(current, record);
      if (switches.externalReturnEvents) facts.push(...factsOf(known, record));
    } catch (failure) {
      if (switches.atomic || !(failure instanceof ApiError)) throw failure;
      return { order: current, facts, failure };
    }
  }
  return { order: current, facts };
}

/** An alias id may be sent once in a call, whatever its type. */
function refuseRepeatedAliases(inputs: readonly ReturnInput[]): void {
  const sent = new Set<string>();
  for (const [index, { aliases }] of inputs.entries()) {
    for (const [place, { aliasId }] of (aliases ?? []).entries()) {
      const path = `returns.details[${index}].aliases[${place}]`;
      if (sent.has(aliasId)) throw invalid(path, `alias id ${aliasId} is sent twice in this call`, 'DuplicateAliasId');
      sent.add(aliasId);
    }
  }
}

/** The return that an entry updates. */
function addressedReturn(order: OrderRecord, { id, alias }: IdentifierInput, path: string): ReturnRecord {
  const sent = [id, alias].filter((value) => value != null).length;
  if (sent !== 1) throw invalid(path, `expected exactly one of id and alias, got ${sent}`);
  const record = order.returns.find((known) =>
    id == null ? known.aliases.some(({ aliasType, aliasId }) => aliasType === alias?.aliasType && aliasId === alias.aliasId) : known.id === id,
  );
  if (!record) throw invalid(path, `order ${order.id} has no return ${id ?? `with alias ${alias?.aliasType} ${alias?.aliasId}`}`);
  if (record.origin === 'requested') throw invalid(path, `return ${record.id} was opened through Buy with Prime, only external returns are written`);
  return record;
}

function refuseAliases(order: OrderRecord, aliases: readonly Alias[], path: string, known: ReturnRecord | undefined): void {
  if (aliases.length > MOST_ALIASES) throw invalid(path, `expected at most ${MOST_ALIASES}, got ${aliases.length}`, 'AliasLimitExceeded');
  const others = order.returns.filter((record) => record !== known);
  for (const [place, { aliasId }] of aliases.entries()) {
    const holder = others.find((record) => record.aliases.some((held) => held.aliasId === aliasId));
    if (holder) throw invalid(`${path}[${place}]`, `alias id ${aliasId} belongs to return ${holder.id}`, 'AliasValueAlreadyExists');
  }
}

function added(order: OrderRecord, input: ReturnInput, path: string, switches: Switches): ReturnRecord {
  const now = timestamp(switches.timestampDigits);
  const state = input.state ?? 'CREATED';
  if (state === 'CANCELLED') throw invalid(`${path}.state`, 'a new return is CREATED or COMPLETED, got CANCELLED');
  const lines = sentUnits(order, input.returnLineItems ?? [], `${path}.returnLineItems`);
  const excess = unitsThatDoNotFit(order, lines, { mayOverlap: switches.overlappingReturns !== 'none' });
  if (excess) {
    throw invalid(`${path}.returnLineItems`, `expected at most ${excess.free} units of line ${excess.lineId}, got ${excess.wanted}`);
  }
  return {
    id: `rt-${randomUUID()}`,
    origin: 'external',
    aliases: input.aliases ?? [],
    state,
    createdAt: now,
    updatedAt: now,
    reason: null,
    packages: [],
    lines: lines.map((line) => ({ ...line, id: `rl-${randomUUID()}`, packageId: null, grading: [] })),
  };
}

function updated(known: ReturnRecord, input: ReturnInput, path: string, switches: Switches): ReturnRecord {
  if (input.returnLineItems != null) throw invalid(`${path}.returnLineItems`, 'expected with a new return only; an update changes state and aliases');
  if (input.state == null && input.aliases == null) throw invalid(path, 'expected state or aliases');
  const state = input.state ?? known.state;
  if (input.state != null && switches.refusedReturnSteps.includes(`${known.state}>${state}`)) {
    throw invalid(`${path}.state`, `return ${known.id}: ${known.state} to ${state} is not allowed`);
  }
  return { ...known, state, aliases: input.aliases ?? known.aliases, updatedAt: timestamp(switches.timestampDigits) };
}

/** Units of order lines, at least one. Lines go by their id; an alias will not do (domain.md 5.3). */
function sentUnits(order: OrderRecord, items: readonly LineInput[], path: string): LineUnits[] {
  const sent = items.flatMap(({ returnFor }, item) =>
    returnFor.orderLineItemAmounts.map(({ lineItemId, amount }, place) => {
      const at = `${path}[${item}].returnFor.orderLineItemAmounts[${place}]`;
      const line = order.lines.find(({ id }) => id === lineItemId.id);
      if (!line) throw invalid(`${at}.lineItemId.id`, `order ${order.id} has no line ${lineItemId.id}`);
      if (amount.unit != null && amount.unit !== 'ONE') throw invalid(`${at}.amount.unit`, `expected ONE, got "${amount.unit}"`);
      const units = Number(amount.value);
      if (!Number.isInteger(units) || units < 1 || units > line.quantity) {
        throw invalid(`${at}.amount.value`, `expected 1 to ${line.quantity} whole units of line ${line.id}, got ${amount.value}`);
      }
      return { lineId: line.id, units };
    }),
  );
  if (sent.length === 0) throw invalid(path, 'expected at least one line with its units');
  return sent;
}

/** What a caller's write would be told as: Buy with Prime's own returns are told so. No event tells of a cancelled return. */
function factsOf(before: ReturnRecord | undefined, after: ReturnRecord): Fact[] {
  const about = [{ returnId: after.id }];
  const started: Fact[] = before ? [] : [{ type: 'RETURN_STARTED', about }];
  return before?.state !== 'COMPLETED' && after.state === 'COMPLETED' ? [...started, { type: 'RETURN_COMPLETED', about }] : started;
}
