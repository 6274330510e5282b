import { describe, expect, it } from '@jest/globals';
import type { Grant, Instruction } from '../../src/contracts/messages.ts';
import { initialRefundState, newCall, type RefundState } from '../../src/contracts/sagas.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import type { PersonAnswer } from '../../src/domain/person-answer.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { instructed } from '../../src/workflows/refund-instruction.ts';
import { AT, aClaim, anEntry, refund } from '../support/builders.ts';

const payment = aClaim();
const because = [{ rule: 'AMOUNT', text: 'One lamp.', facts: {} }];
const pays = { kind: 'pay', refundId: refund('refund-1'), payment, estimate: null, statusReason: null, because } as unknown as RefundDecision;
const settled = { kind: 'settled', refundId: refund('refund-1'), because } as unknown as RefundDecision;
const follows = (entry: LedgerEntry): RefundDecision =>
  ({ kind: 'follow', refundId: refund('refund-1'), key: entry.key, entry, because }) as unknown as RefundDecision;
const grant: Grant = { id: 'grant-1', run: 1, payment, expectedVersion: '1', resumed: false, alone: true };
const instruction = (decision: RefundDecision, over: Partial<Instruction> = {}): Instruction => ({
  run: 1,
  decision,
  grant: null,
  policy: DEFAULT_POLICY,
  ...over,
});
const saga = (over: Partial<RefundState> = {}): RefundState => ({ ...initialRefundState(AT, instruction(settled)), ...over });
const denied = { kind: 'deny', commandId: 'c-1', actor: 'ann', reason: 'no' } as unknown as PersonAnswer;

describe('an instruction of the coordinator', () => {
  it('is nothing when its run has been followed by another', () => {
    expect(instructed(saga({ run: 2 }), instruction(pays), false)).toBeNull();
  });

  it('begins a payment with its grant, under the reason of its decision', () => {
    const made = instructed(saga(), instruction(pays, { grant }), false);
    expect(made).toMatchObject({
      isGranted: true,
      isNews: true,
      change: { call: { grant, outcome: 'open', overtaken: false }, paidBecause: because },
    });
  });

  it('never begins its open call anew with the grant that call has', () => {
    const made = instructed(saga({ call: newCall(grant) }), instruction(pays, { grant }), false);
    expect(made?.isGranted).toBe(false);
    expect(made?.change.call).toBeUndefined();
  });

  it('ends an open call with another grant, which may have been used: the saga was reset, and has forgotten how that call ended', () => {
    const call = { ...newCall({ ...grant, id: 'grant-0' }), attempts: 1, maybeSent: true, retryAt: 99 };
    const made = instructed(saga({ call }), instruction(pays, { grant }), false);
    expect(made).toMatchObject({
      isGranted: true,
      change: { call: { grant: { ...grant, resumed: true }, outcome: 'open', attempts: 0, maybeSent: true, retryAt: 0 } },
    });
  });

  it('has its payment overtaken where it was given before the last answer of a person', () => {
    const state = saga({ answers: [denied] });
    expect(instructed(state, instruction(pays, { grant }), false)?.change.call?.overtaken).toBe(true);
    expect(instructed(state, instruction(pays, { grant, answers: [denied] }), false)?.change.call?.overtaken).toBe(false);
  });

  it('has an open call read back at once when the ledger shows what it waits to hear', () => {
    const call = { ...newCall(grant), retryAt: 99 };
    const shown = anEntry({ state: 'SUCCEEDED', paid: 10_00 });
    expect(instructed(saga({ call }), instruction(follows(shown)), false)?.change.call).toEqual({ ...call, retryAt: 0 });
    expect(instructed(saga({ call: { ...call, outcome: 'answered' } }), instruction(follows(shown)), false)?.change.call).toBeUndefined();
  });

  it('gives a wait that was too long a new time', () => {
    expect(instructed(saga({ attention: 'HELD_TOO_LONG', dueAt: 5 }), instruction(pays), false)?.change).toHaveProperty('dueAt', null);
    expect(instructed(saga({ attention: null, dueAt: 5 }), instruction(pays), false)?.change).not.toHaveProperty('dueAt');
  });

  it('is news when the decision is another one', () => {
    expect(instructed(saga(), instruction(settled), false)?.isNews).toBe(false);
    expect(instructed(saga(), instruction(pays), false)?.isNews).toBe(true);
  });

  it('leaves an ended saga ended when it only says what that saga has read by itself', () => {
    const shown = anEntry({ state: 'SUCCEEDED', paid: 10_00 });
    const ended = saga({ entry: { key: shown.key, state: shown.state, paid: shown.paid } });
    expect(instructed(ended, instruction(settled), true)).toBeNull();
    expect(instructed(ended, instruction(follows(shown)), true)).toBeNull();
    expect(instructed(ended, instruction(follows({ ...shown, state: 'FAILED', paid: 0 })), true)).not.toBeNull();
    expect(instructed(ended, instruction(pays, { grant }), true)?.isGranted).toBe(true);
  });
});
