import { describe, expect, it } from '@jest/globals';
import { type Command, DENIAL_REASONS, EXPLAIN } from '../../src/contracts/commands.ts';
import type { Grant } from '../../src/contracts/messages.ts';
import { initialRefundState, newCall, type RefundState } from '../../src/contracts/sagas.ts';
import type { PersonAnswer } from '../../src/domain/person-answer.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { expectCommand } from '../../src/workflows/command-checks.ts';
import { approval, cancellation, denial, finding, isRepeated, repetition, withdrawal } from '../../src/workflows/refund-commands.ts';
import { decisionName } from '../../src/workflows/refund-questions.ts';
import { dueText, freshReminders, remindedAt, wakesAt } from '../../src/workflows/reminders.ts';
import { explanationOf, whatToPress } from '../../src/workflows/what-to-press.ts';
import { AT, line, ourKey, refund, usd } from '../support/builders.ts';

type Asked = Extract<RefundDecision, { kind: 'needs_approval' }>;

const amount = (total: number) => ({
  currency: 'USD',
  total,
  lines: [{ lineId: line('line-1'), units: 1, amount: total, components: { item: total, tax: 0 } }],
  payments: [{ paymentId: 'charge-1', amount: total }],
});
const payment = (total: number): Asked['payment'] => ({
  key: ourKey() as Asked['payment']['key'],
  refundId: refund('refund-1'),
  amount: amount(total),
  reason: 'OTHERS',
});

const asks = (over: Partial<Asked> = {}): Asked => ({
  kind: 'needs_approval',
  refundId: refund('refund-1'),
  reason: 'ABOVE_LIMIT',
  needed: 1,
  given: [],
  maximum: 700_00,
  shown: { hash: 'a1b2c3d4e5f60718', total: 600_00, lines: [{ lineId: line('line-1'), units: 1 }], doubts: ['ABOVE_LIMIT'] },
  payment: payment(600_00),
  estimate: usd(600_00),
  statusReason: null,
  because: [{ rule: 'APPROVAL', text: 'It is above the limit.', facts: { totalMinor: 600_00 } }],
  ...over,
});

const saga = (decision: RefundDecision, over: Partial<RefundState> = {}): RefundState => ({
  ...initialRefundState(AT, { run: 1, decision, grant: null, policy: DEFAULT_POLICY }),
  state: 'AWAITING_APPROVAL',
  attention: 'ABOVE_LIMIT',
  ...over,
});
const manual = (over: Partial<Extract<RefundDecision, { kind: 'manual' }>>): RefundDecision => ({
  kind: 'manual',
  refundId: refund('refund-1'),
  reason: 'BWP_AND_OMS_DISAGREE',
  because: [{ rule: 'C16', text: 'They differ.', facts: { key: ourKey() } }],
  ...over,
});

let sent = 0;
const by = (actor: string): Command => {
  sent += 1;
  return { commandId: `c-${sent}`, actor, reason: 'looked at it' };
};
const ann = (): Command => by('ann');
const refused = (run: () => unknown): string => {
  try {
    return `taken: ${JSON.stringify(run())}`;
  } catch (error) {
    return (error as Error).message;
  }
};
const name = decisionName(asks());
const approvedBy = (actor: string, over: Partial<Extract<PersonAnswer, { kind: 'approve' }>> = {}): PersonAnswer => ({
  ...by(actor),
  refundId: refund('refund-1'),
  at: '2026-03-01T10:00:00.000Z',
  kind: 'approve',
  shown: asks().shown,
  amount: null,
  ...over,
});

describe('a command', () => {
  it.each([
    [null, 'expected an object such as'],
    [{ actor: 'ann', reason: 'x' }, 'commandId: expected a text that is not empty, found undefined'],
    [{ commandId: 'c', actor: '  ', reason: 'x' }, 'actor: expected a text that is not empty'],
    [{ commandId: 'c', actor: 'ann', reason: 7 }, 'reason: expected a text that is not empty, found 7'],
    [{ commandId: 'c', actor: 'ann', reason: 'x'.repeat(501) }, 'reason: expected at most 500 characters, found 501'],
  ])('is refused by the name of the field: %#', (given, says) => {
    expect(refused(() => expectCommand(given as unknown as Command))).toContain(says);
  });

  it('is known again by its id, and another one under that id is a mistake', () => {
    const answer = approvedBy('ann');
    const state = saga(asks(), { answers: [answer] });
    expect(isRepeated(state, 'approve', { ...ann(), commandId: answer.commandId })).toBe(true);
    expect(isRepeated(state, 'approve', ann())).toBe(false);
    expect(refused(() => isRepeated(state, 'deny', { ...ann(), commandId: answer.commandId }))).toContain('commandId: expected a new one');
    const asked = saga(asks(), { asked: ['c-again'] });
    expect(isRepeated(asked, 'retry', { ...ann(), commandId: 'c-again' })).toBe(true);
    expect(refused(() => isRepeated(asked, 'resolve', { ...ann(), commandId: 'c-again' }))).toContain('under which a retry was taken');
  });

  it('is refused once the saga has ended', () => {
    const ended = saga(asks(), { state: 'DONE' });
    const say = { ...ann(), decision: name, statusReason: 'OTHERS', outcome: 'paid' as const };
    for (const run of [approval, denial, cancellation, withdrawal, repetition, finding]) {
      expect(refused(() => run(ended, say))).toContain('the saga has ended as DONE');
    }
  });
});

describe('an approval', () => {
  it('binds to what is shown, and to nothing else', () => {
    expect(approval(saga(asks()), { ...ann(), decision: name })).toMatchObject({ kind: 'approve', shown: asks().shown, amount: null, actor: 'ann' });
    expect(refused(() => approval(saga(asks()), { ...ann(), decision: 'other' }))).toContain(`decision: expected "${name}"`);
    expect(refused(() => approval(saga(manual({})), { ...ann(), decision: name }))).toContain('nothing waits for an approval now');
  });

  it.each([
    ['700.01', 'amount: expected at most 700.00 USD, found 700.01 USD'],
    ['0', 'expected more than nothing'],
    ['-5', 'expected more than nothing'],
    ['1.001', 'USD has 2 decimals'],
    ['1e2', 'decimal text'],
    [12, 'decimal text'],
  ])('of %j is refused with the reason', (given, says) => {
    expect(refused(() => approval(saga(asks()), { ...ann(), decision: name, amount: given as string }))).toContain(says);
  });

  it('keeps the amount it names, and none where it names what was shown', () => {
    expect(approval(saga(asks()), { ...ann(), decision: name, amount: '700.00' }).amount).toBe(700_00);
    expect(approval(saga(asks()), { ...ann(), decision: name, amount: '600' }).amount).toBeNull();
  });

  it('of the same person counts once, in any spelling, unless it names another amount', () => {
    const two = asks({ needed: 2, given: ['ann'] });
    const state = saga(two, { answers: [approvedBy('ann')] });
    expect(refused(() => approval(state, { ...by(' Ann '), decision: name }))).toContain('it needs a second, different person');
    expect(approval(state, { ...by('ann'), decision: name, amount: '500.00' }).amount).toBe(500_00);
    expect(approval(state, { ...by('bob'), decision: name })).toMatchObject({ actor: 'bob' });
  });

  it('of the second person names the amount of the first, under a name of its own', () => {
    const two = asks({ needed: 2, given: ['ann'], payment: payment(500_00) });
    const state = saga(two, { answers: [approvedBy('ann', { amount: 500_00 })] });
    expect(decisionName(two)).not.toBe(name);
    expect(approval(state, { ...by('bob'), decision: decisionName(two) }).amount).toBe(500_00);
  });

  it('is refused while a denial stands', () => {
    const denied: PersonAnswer = { ...ann(), refundId: refund('refund-1'), at: '2026-03-01T10:00:00.000Z', kind: 'deny', statusReason: 'OTHERS' };
    expect(refused(() => approval(saga(asks(), { answers: [denied] }), { ...ann(), decision: name }))).toContain('send withdraw first');
  });
});

describe('a denial', () => {
  it('lists the reasons that there are', () => {
    expect(refused(() => denial(saga(asks()), { ...ann(), statusReason: 'NO' }))).toContain(DENIAL_REASONS.join(', '));
    for (const statusReason of ['PARTIALLY_DECLINED', 'REFUND_ALREADY_PROCESSED']) {
      expect(refused(() => denial(saga(asks()), { ...ann(), statusReason }))).toContain('statusReason: expected one of');
    }
    expect(denial(saga(asks()), { ...ann(), statusReason: 'OTHERS' })).toMatchObject({ kind: 'deny', statusReason: 'OTHERS' });
  });

  it('and a cancel come too late for money that has reached the shopper', () => {
    const paid = saga(asks(), { entry: { key: ourKey(), state: 'PARTIAL', paid: 1 } });
    expect(refused(() => denial(paid, { ...ann(), statusReason: 'OTHERS' }))).toContain('money has reached the shopper');
    expect(refused(() => cancellation(paid, ann()))).toContain('money has reached the shopper');
  });
});

describe('a withdrawal', () => {
  it('needs something to take back', () => {
    expect(refused(() => withdrawal(saga(asks()), ann()))).toContain('nobody has answered anything');
    expect(withdrawal(saga(asks(), { answers: [approvedBy('ann')] }), ann())).toMatchObject({ kind: 'withdraw' });
  });

  it('takes back no finding, which stands in the OMS, yet a denial that only the decision shows', () => {
    const found = { rule: 'PERSON', text: 'ann resolved it (not_paid): asked the bank', facts: {} } as const;
    expect(refused(() => withdrawal(saga({ ...asks(), because: [...asks().because, found] }), ann()))).toContain('nobody has answered anything');
    expect(withdrawal(saga({ ...asks(), because: [found] }), ann())).toMatchObject({ kind: 'withdraw' });
  });
});

describe('a retry', () => {
  it('follows the newest attempt that did not pay, and once', () => {
    const declined = saga({ kind: 'declined', refundId: refund('refund-1'), key: ourKey(), told: true, because: [] }, { state: 'NEEDS_PERSON' });
    const answer = repetition(declined, ann());
    expect(answer).toMatchObject({ kind: 'retry', after: ourKey() });
    expect(refused(() => repetition({ ...declined, answers: [answer] }, ann()))).toContain('was asked for already');
    expect(refused(() => repetition(declined, { ...ann(), key: 'another' }))).toContain(`key: expected ${ourKey()}`);
    expect(refused(() => repetition(saga(asks()), ann()))).toContain('there is none');
  });
});

describe('a finding', () => {
  const grant: Grant = { id: 'g', run: 1, payment: payment(600_00), expectedVersion: '1', resumed: false, alone: true };

  it('is about the open call, once its first answer did not come', () => {
    const out = saga(asks(), { call: newCall(grant), state: 'UNKNOWN' });
    expect(finding(out, { ...ann(), outcome: 'not_paid' })).toMatchObject({
      aboutCall: true,
      ended: null,
      resolution: { key: ourKey(), outcome: 'not_paid' },
    });
    expect(refused(() => finding({ ...out, state: 'PAYING' }, { ...ann(), outcome: 'not_paid' }))).toContain('nothing is unclear here');
  });

  it('accepts an excess, and nothing else of it', () => {
    const over = saga(manual({ reason: 'OVER_REFUNDED', because: [{ rule: 'C8', text: 'Twice.', facts: { key: 'k-1' } }] }), {
      state: 'NEEDS_PERSON',
    });
    expect(finding(over, { ...ann(), outcome: 'accepted' })).toMatchObject({ aboutCall: false, resolution: { key: 'k-1' } });
    expect(refused(() => finding(over, { ...ann(), outcome: 'paid' }))).toContain('outcome: expected accepted while it is OVER_REFUNDED');
    expect(refused(() => finding(over, { ...ann(), outcome: 'accepted', key: 'k-2' }))).toContain('key: expected k-1');
  });

  it('of an external refund of far less than is owed makes it the answer (C4), and no other word does', () => {
    const less = saga(manual({ reason: 'AMOUNT_CONFLICT', because: [{ rule: 'C4', text: 'Far less.', facts: { key: 'external/e-1' } }] }), {
      state: 'NEEDS_PERSON',
    });
    expect(finding(less, { ...ann(), outcome: 'paid' })).toMatchObject({ aboutCall: false, resolution: { key: 'external/e-1', outcome: 'paid' } });
    expect(refused(() => finding(less, { ...ann(), outcome: 'not_paid' }))).toContain('outcome: expected paid while it is AMOUNT_CONFLICT');
  });

  it('waits for the one before it', () => {
    const state = saga(manual({}), { state: 'NEEDS_PERSON' });
    const first = finding(state, { ...ann(), outcome: 'paid' });
    expect(refused(() => finding({ ...state, findings: [first] }, { ...ann(), outcome: 'not_paid' }))).toContain('still being checked');
  });
});

describe('what to press', () => {
  it('is taken as it is shown', () => {
    const state = saga(asks());
    const [approve, other] = whatToPress(state).filter(({ update }) => update === 'approve');
    expect(approval(state, { ...ann(), decision: '', ...approve?.example })).toMatchObject({ amount: null });
    expect(approval(state, { ...ann(), decision: '', ...other?.example })).toMatchObject({ amount: 300_00 });
    expect(whatToPress(state).map(({ update }) => update)).toEqual(['approve', 'approve', 'deny', 'cancel']);
    expect(explanationOf(state)).toMatchObject({ decision: name, waits: expect.stringContaining('Waits for an approval') });
    expect(EXPLAIN).toBe('explain');
  });

  it('is nothing where the saga goes on by itself', () => {
    expect(whatToPress(saga({ kind: 'hold', refundId: refund('refund-1'), because: [] }, { state: 'HELD', attention: null }))).toEqual([]);
  });
});

describe('reminders', () => {
  const policy = { ...DEFAULT_POLICY, timing: { ...DEFAULT_POLICY.timing, reminders: [100, 200] } };
  const waiting = (over: Partial<RefundState> = {}): RefundState => {
    const state = saga(asks());
    return { ...state, instruction: { ...state.instruction, policy }, dueAt: 1_250, ...freshReminders('AWAITING_APPROVAL', policy, 1_000), ...over };
  };

  it('come after the waits of the policy, and the deadline once', () => {
    let state = waiting();
    const seen: [number, readonly string[]][] = [];
    const told: (number | null)[] = [];
    for (let wake = wakesAt(state); wake !== null && seen.length < 4; wake = wakesAt(state)) {
      const { change, happened, nth } = remindedAt(state, wake);
      state = { ...state, ...change };
      seen.push([wake, happened]);
      told.push(nth);
    }
    expect(seen).toEqual([
      [1_100, ['Reminder 1: ABOVE_LIMIT']],
      [1_250, ['Its deadline passed: ABOVE_LIMIT']],
      [1_300, ['Reminder 2: ABOVE_LIMIT']],
      [1_500, ['Reminder 3: ABOVE_LIMIT']],
    ]);
    expect(told).toEqual([1, null, 2, 3]);
    expect(dueText(state)).toBe(' Due 1970-01-01T00:00:01.250Z, **overdue**. Reminded 3 time(s).');
  });

  it('are for what is in a person’s hands alone', () => {
    const held = { ...waiting(), state: 'HELD' as const, ...freshReminders('HELD', policy, 1_000) };
    expect(wakesAt(held)).toBeNull();
  });
});
