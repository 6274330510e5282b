import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { OrderState } from '../../src/contracts/order-state.ts';
import type { RefundSagaState, SideSagaState } from '../../src/contracts/sagas.ts';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import type { AttentionReason } from '../../src/domain/refund-decision.ts';

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

/** All of them: without one that is new in its type this does not compile, and without a history of it the test is red. */
const REASONS: Readonly<Record<AttentionReason, 'kept'>> = {
  NOT_PRICEABLE: 'kept',
  CURRENCY_DIFFERS: 'kept',
  LINES_DIFFER: 'kept',
  ESTIMATE_DIFFERS: 'kept',
  PRICES_DIFFER: 'kept',
  ORDER_CHANGED: 'kept',
  NOTHING_OWED: 'kept',
  ABOVE_LIMIT: 'kept',
  APPROVAL_OUTDATED: 'kept',
  BEFORE_GO_LIVE: 'kept',
  POSSIBLE_DUPLICATE: 'kept',
  EXTERNAL_OVERLAP: 'kept',
  AMOUNT_CONFLICT: 'kept',
  OVER_REFUNDED: 'kept',
  REVERSED_AFTER_SUCCESS: 'kept',
  BWP_AND_OMS_DISAGREE: 'kept',
  MARK_WITHOUT_ENTRY: 'kept',
  RETURN_UNKNOWN: 'kept',
  RETURN_CANCELLED: 'kept',
  RETURN_FAILED: 'kept',
  RETURN_STALLED: 'kept',
  RETURN_NOT_GRADED: 'kept',
  RETURN_STATE_CONFLICT: 'kept',
  ALIAS_LIMIT: 'kept',
  ALIAS_TAKEN: 'kept',
  UNITS_ABOVE_ORDER: 'kept',
  UNKNOWN_STATE: 'kept',
  DECLINED: 'kept',
  VOIDED: 'kept',
  CANCELLED: 'kept',
  CALL_FAILED: 'kept',
  ORDER_UNREADABLE: 'kept',
  OUTCOME_UNKNOWN: 'kept',
  REFUSED_BY_OMS: 'kept',
  REFUSED_BY_BWP: 'kept',
  HELD_TOO_LONG: 'kept',
  MONEY_STOPPED: 'kept',
  OVERDUE: 'kept',
};

/**
 * Where a workflow type puts itself on the list of what needs attention, by its own code or by what was decided for it. Reasons that a
 * decision brings take one branch per state: one of them stands here for all.
 */
const WAITS: readonly string[] = [
  ...['ABOVE_LIMIT'].map((reason) => `refund AWAITING_APPROVAL ${reason}`),
  ...['NOT_PRICEABLE', 'DECLINED', 'VOIDED', 'MARK_WITHOUT_ENTRY', 'OUTCOME_UNKNOWN'].map((reason) => `refund NEEDS_PERSON ${reason}`),
  ...['CALL_FAILED', 'HELD_TOO_LONG', 'REFUSED_BY_BWP'].map((reason) => `refund NEEDS_PERSON ${reason}`),
  ...['CALL_FAILED', 'REFUSED_BY_OMS', 'OVERDUE', 'BWP_AND_OMS_DISAGREE'].map((reason) => `refund UNKNOWN ${reason}`),
  'refund SETTLING OVERDUE',
  ...['OVER_REFUNDED', 'HELD_TOO_LONG', 'REFUSED_BY_BWP', 'CALL_FAILED'].map((reason) => `external-refund NEEDS_PERSON ${reason}`),
  'external-refund SETTLING OVERDUE',
  ...['RETURN_FAILED', 'REFUSED_BY_OMS', 'CALL_FAILED'].map((reason) => `return NEEDS_PERSON ${reason}`),
  'return OPEN OVERDUE',
  ...['ALIAS_TAKEN', 'REFUSED_BY_BWP', 'CALL_FAILED'].map((reason) => `external-return NEEDS_PERSON ${reason}`),
  'external-return OPEN OVERDUE',
  'order ORDER_UNREADABLE',
  'order MONEY_STOPPED',
  'money-gate MONEY_STOPPED',
  'deployment-gate MONEY_STOPPED',
];

/** States of the three sagas without money, which share one workflow. */
const SIDE_STATES: Readonly<Record<SideSagaState, true>> = {
  DECIDING: true,
  HELD: true,
  SETTLING: true,
  REPORTING: true,
  NEEDS_PERSON: true,
  DONE: true,
  CANCELLED: true,
  NEVER_SENT: true,
  OPEN: true,
  IN_TRANSIT: true,
  DELIVERED: true,
  GRADING: true,
};
const REFUND_STATES: Readonly<Record<RefundSagaState, true>> = {
  DECIDING: true,
  HELD: true,
  AWAITING_RETURN: true,
  AWAITING_APPROVAL: true,
  PAYING: true,
  UNKNOWN: true,
  SETTLING: true,
  REPORTING: true,
  NEEDS_PERSON: true,
  DONE: true,
  REJECTED: true,
  FAILED: true,
};

/** Knowingly without a history, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'refund FAILED': 'no step ends so',
  'external-refund NEEDS_PERSON CALL_FAILED': 'the one workflow of all three side sagas: kept of a return',
  'external-return NEEDS_PERSON CALL_FAILED': 'the one workflow of all three side sagas: kept of a return',
};

type Attributes = { readonly indexedFields?: Readonly<Record<string, Payload>> | null };
type Event = {
  readonly workflowExecutionStartedEventAttributes?: {
    readonly searchAttributes?: Attributes | null;
    readonly input?: { readonly payloads?: readonly Payload[] | null } | null;
  } | null;
  readonly upsertWorkflowSearchAttributesEventAttributes?: { readonly searchAttributes?: Attributes | null } | null;
  readonly workflowExecutionContinuedAsNewEventAttributes?: { readonly input?: { readonly payloads?: readonly Payload[] | null } | null } | null;
};

/** Of each kept history its workflow type and events. */
let histories: readonly { readonly name: string; readonly type: string; readonly events: readonly Event[] }[];
/** `type state`, `type reason` and `type state reason`, as search attributes had them. */
const shown = new Set<string>();
/** Rules that a decision in any of them names. */
const rules = new Set<string>();

beforeAll(async () => {
  const names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));
  histories = await Promise.all(
    names.map(async (name) => {
      const written = await readFile(join(HISTORIES, name), 'utf8');
      const { history } = JSON.parse(written) as { readonly history: unknown };
      for (const rule of rulesIn(written)) rules.add(rule);
      const type = /\.([a-z-]+)-\d+\./.exec(name)?.[1] ?? name;
      return { name, type, events: (historyFromJSON(history).events ?? []) as readonly Event[] };
    }),
  );
  for (const { type, events } of histories) {
    for (const { workflowExecutionStartedEventAttributes: started, upsertWorkflowSearchAttributesEventAttributes: upserted } of events) {
      const fields = (started ?? upserted)?.searchAttributes?.indexedFields ?? {};
      const [state, reason] = [ATTRIBUTE.sagaState, ATTRIBUTE.attentionReason].map(({ name }) => text(fields[name]));
      for (const words of [[state], [reason], [state, reason]]) if (!words.includes(null)) shown.add([type, ...words].join(' '));
    }
  }
});

const text = (payload: Payload | undefined): string | null => {
  const value: unknown = payload == null ? null : defaultPayloadConverter.fromPayload(payload);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : null;
};

/** Of all values that a history holds, in the base64 of its JSON. */
function rulesIn(history: string): readonly string[] {
  const values = [...history.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) => Buffer.from(data, 'base64').toString());
  return values.flatMap((value) => [...value.matchAll(/"rule":"(\w+)"/g)].map(([, rule = '']) => rule));
}

/** How often search attributes were upserted with nothing but the values that they had. */
function repeatedUpserts(events: readonly Event[]): number {
  const values = new Map<string, string>();
  return events.filter(({ workflowExecutionStartedEventAttributes: started, upsertWorkflowSearchAttributesEventAttributes: upserted }) => {
    const fields = Object.entries((started ?? upserted)?.searchAttributes?.indexedFields ?? {});
    const changed = fields.filter(([name, payload]) => {
      const value = JSON.stringify(defaultPayloadConverter.fromPayload(payload) ?? []);
      const before = values.get(name) ?? '[]';
      values.set(name, value);
      return value !== before;
    });
    return upserted != null && changed.length === 0;
  }).length;
}

const missing = (wanted: readonly string[]): readonly string[] => wanted.filter((what) => !shown.has(what) && !(what in LEFT_OUT));

describe('kept histories show', () => {
  it('every reason for which something is on the list of what needs attention', () => {
    const reasons = new Set([...shown].map((words) => words.split(' ').at(-1)));
    expect(Object.keys(REASONS).filter((reason) => !reasons.has(reason))).toEqual([]);
  });

  it('every way in which a workflow comes to need a person, but those that are named', () => {
    expect(missing(WAITS)).toEqual([]);
  });

  it('every state of a refund saga and of the sagas without money, but those that are named', () => {
    expect(missing(Object.keys(REFUND_STATES).map((state) => `refund ${state}`))).toEqual([]);
    const sides = ['external-refund', 'return', 'external-return'];
    expect(Object.keys(SIDE_STATES).filter((state) => !sides.some((side) => shown.has(`${side} ${state}`)))).toEqual([]);
  });

  it('every conflict case of money.md, by the rule that the explanation names; an amount on the order (C9) is only a share in others', () => {
    const cases = Array.from({ length: 18 }, (_, index) => `C${index + 1}`);
    expect(cases.filter((rule) => !rules.has(rule))).toEqual(['C9']);
    expect(histories.filter(({ name }) => name.startsWith('after-an-amount-on-the-order.'))).not.toEqual([]);
  });

  it('search attributes that are upserted only when one of them has changed', () => {
    const upserts = histories.flatMap(({ events }) => events.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes != null));
    expect(upserts.length).toBeGreaterThan(400);
    expect(histories.filter(({ events }) => repeatedUpserts(events) > 0).map(({ name }) => name)).toEqual([]);
  });

  it('nothing that is named as left out', () => {
    expect(Object.keys(LEFT_OUT).filter((what) => shown.has(what))).toEqual([]);
  });

  it('an order that continues as new with a claim, with the grant that is out, with a saga that runs, and with messages not taken in yet', () => {
    const handedOn = histories
      .filter(({ type }) => type === 'order')
      .flatMap(({ events }) => events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input?.payloads?.slice(0, 1) ?? [])
      .map((payload) => defaultPayloadConverter.fromPayload<OrderState>(payload));
    expect(handedOn.filter(({ claims }) => claims.length > 0)).not.toEqual([]);
    expect(handedOn.filter(({ grant }) => grant !== null)).not.toEqual([]);
    expect(handedOn.filter(({ sagas }) => Object.values(sagas).some(({ status }) => status === 'running'))).not.toEqual([]);
    expect(handedOn.filter(({ pending }) => pending.length > 0)).not.toEqual([]);
  });
});
