import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../../src/contracts/messages.ts';
import { initialRefundState, newCall, type RefundState } from '../../src/contracts/sagas.ts';
import { initialSideState, type SideDecision, type SideState } from '../../src/contracts/side-sagas.ts';
import { failedText } from '../../src/contracts/what-failed.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { refusalOf } from '../../src/workflows/refusals.ts';
import { sideExplanation } from '../../src/workflows/side-view.ts';
import { explanationOf } from '../../src/workflows/what-to-press.ts';
import { AT, aClaim, ourKey, refund, usd } from '../support/builders.ts';

const because = [{ rule: 'C2', text: 'All its units are free.', facts: {} }] as const;
const follow = { kind: 'follow', refundId: refund('refund-1'), key: ourKey() as never, statusReason: null, because } as unknown as RefundDecision;
const grant = { grantId: 1, run: 1, payment: aClaim(), expectedVersion: 'v1', resumed: false, alone: true } as unknown as Grant;

const explained = (decision: RefundDecision, over: Partial<RefundState>) =>
  explanationOf({ ...initialRefundState(AT, { run: 1, decision, grant: null, policy: DEFAULT_POLICY }), ...over });

describe('what a refund waits for', () => {
  it('names what failed, in the words of the side that failed', () => {
    const { waits, trouble } = explained(follow, {
      state: 'NEEDS_PERSON',
      attention: 'CALL_FAILED',
      trouble: 'HTTP_400: getRefund: no such shop',
      dueAt: Date.UTC(2026, 0, 1),
    });
    expect(waits).toBe(
      'Waits for a person: what failed is tried again meanwhile; mend it, then have the order looked at again (`saga look-again`); or answer it here. What failed: HTTP_400: getRefund: no such shop. Due 2026-01-01T00:00:00.000Z.',
    );
    expect(trouble).toBe('HTTP_400: getRefund: no such shop');
  });

  it('asks for no answer where none would change anything', () => {
    const entry = { key: ourKey(), state: 'SUCCEEDED', paid: 1000 } as const;
    const paid = explained(follow, { state: 'NEEDS_PERSON', attention: 'REFUSED_BY_BWP', trouble: 'no', entry });
    expect(paid).toMatchObject({ press: [], waits: expect.stringMatching(/\(`saga look-again`\)\. What failed: no\.$/) });
  });

  it('names the last error of a money call for as long as that has no certain answer', () => {
    const call = { ...newCall(grant), lastError: 'Unknown: no answer within 2000 ms' };
    const open = explained(follow, { state: 'UNKNOWN', call });
    expect(open).toMatchObject({ waits: expect.stringMatching(/until it has\. What failed: Unknown: no answer within 2000 ms\.$/) });
    const answered = explained(follow, { state: 'SETTLING', call: { ...call, outcome: 'answered' } });
    expect(answered).toMatchObject({ trouble: null, waits: 'Waits for the OMS to settle the refund.' });
  });

  it.each(['pay', 'pay_part'] as const)('is its turn, if only a grant is missing for %s, and names where that is seen', (kind) => {
    const decision = { kind, refundId: refund('refund-1'), payment: aClaim(), estimate: usd(1000), statusReason: null, because } as RefundDecision;
    const where = /its turn: another payment of this order .*, or payouts are stopped \(`saga status`, `saga money status`\); it goes on by itself/;
    expect(explained(decision, { state: 'HELD' }).waits).toMatch(where);
    const late = explained(decision, { state: 'NEEDS_PERSON', attention: 'HELD_TOO_LONG' }).waits;
    expect(late).toMatch(where);
    expect(late).toContain('Waits for a person, longer than it should');
  });

  it('is what the explanation names, if the decision is to wait', () => {
    const hold: RefundDecision = { kind: 'hold', refundId: refund('refund-1'), because };
    expect(explained(hold, { state: 'HELD' }).waits).toBe('Waits for what the explanation names; it goes on by itself.');
  });

  it('is the OMS, while that books what Amazon refunded', () => {
    const record = { kind: 'record', refundId: refund('refund-1'), record: { total: usd(1000) }, because } as unknown as RefundDecision;
    expect(explained(record, { state: 'REPORTING' }).waits).toBe('Waits for the OMS to book what Amazon refunded.');
    expect(explained(follow, { state: 'REPORTING' }).waits).toBe('Waits for Buy with Prime to take the news.');
  });
});

describe('what a saga without money waits for', () => {
  const settled = { saga: 'externalRefund', decision: { kind: 'settled', key: 'k-1', because }, isFinal: false } as unknown as SideDecision;
  const side = (over: Partial<SideState>, wanted = settled) =>
    sideExplanation({ ...initialSideState(AT, 'phone-1', { run: 1, wanted, policy: DEFAULT_POLICY }), ...over });

  it('is the OMS, and what brings it on is named, the more so when it is late', () => {
    const says = ': settle it there; its notice or `saga look-again` brings it on.';
    expect(side({ state: 'SETTLING' })).toMatchObject({ waits: `Waits for the OMS to settle it${says}`, press: [] });
    const late = side({ state: 'SETTLING', attention: 'OVERDUE' });
    expect(late).toMatchObject({ waits: `Waits for the OMS to settle it, later than it should${says}`, press: [{ update: 'retry' }] });
    expect(side({ state: 'OPEN', attention: 'OVERDUE' }).waits).toContain('`saga look-again`, brings it on');
  });

  it('names what failed, whoever it waits for', () => {
    const trouble = 'Buy with Prime does not take SUCCESS 10.00 USD (InvalidAliasId): it shows no such thing';
    const refused = side({ state: 'NEEDS_PERSON', attention: 'REFUSED_BY_BWP', trouble });
    expect(refused.waits).toMatch(
      /^Waits for a person: mend what failed, which is tried again meanwhile, .* What failed: Buy with Prime does not take/,
    );
    expect(refused.trouble).toBe(trouble);
    expect(side({ state: 'REPORTING', trouble }).waits).toBe(`Waits for Buy with Prime to take the news. What failed: ${trouble}.`);
    expect(side({ state: 'NEEDS_PERSON', attention: 'OVERDUE' }).waits).toContain('mend what the explanation names');
  });
});

describe('what Buy with Prime refuses', () => {
  it('is named with its code and what it shows', () => {
    expect(refusalOf('SUCCESS 10.00 USD', { kind: 'shown', sent: true })).toBeNull();
    expect(refusalOf('SUCCESS 10.00 USD', { kind: 'refused', shown: 'REJECTED', code: null })).toBe(
      'Buy with Prime does not take SUCCESS 10.00 USD: it shows REJECTED',
    );
    expect(refusalOf('the return', { kind: 'refused', shown: 'absent', code: 'InvalidReturnId' })).toBe(
      'Buy with Prime does not take the return (InvalidReturnId): it shows no such thing',
    );
  });

  it('ends as a sentence, however it was worded', () => {
    expect([failedText(null), failedText('no such shop'), failedText(' Try later! ')]).toEqual([
      '',
      ' What failed: no such shop.',
      ' What failed: Try later!',
    ]);
  });
});
