import { describe, expect, it } from '@jest/globals';
import { initialRefundState } from '../../../src/contracts/sagas.ts';
import { DEFAULT_POLICY } from '../../../src/domain/policy.ts';
import { explanationText, statusText } from '../../../src/starters/cli/sagas/texts.ts';
import { orderAnswer } from '../../../src/starters/http/order-answer.ts';
import type { OrderSeen } from '../../../src/starters/http/order-seen.ts';
import { AT, refund } from '../../support/builders.ts';
import { aStatus } from '../http/answer-of.ts';

const textOf = (status: Parameters<typeof aStatus>[0], over: Partial<OrderSeen> = {}): readonly string[] => {
  const coordinator = { workflowId: 'order:x', closedAs: null, status: aStatus(status) };
  return statusText(orderAnswer(AT, { coordinator, sagas: [], sides: [], withoutSaga: [], silent: [], ...over }))
    .trimEnd()
    .split('\n');
};

describe('where an order stands, on a terminal', () => {
  it('counts its messages so that the sum comes out', () => {
    const counts = { accepted: 4, applied: 2, duplicate: 1, parked: 0 };
    expect(textOf({ counts, unresolved: 1 })[0]).toContain('4 accepted = 2 applied + 1 duplicate + 0 parked + 1 being looked into; money call');
    expect(textOf({ counts: { ...counts, accepted: 3 } })[0]).toContain('3 accepted = 2 applied + 1 duplicate + 0 parked; money call');
  });

  it('says what stops its payouts, and that the last look did not come through', () => {
    expect(textOf({ stopped: 'payouts of bp-1 are stopped by ann:\nprices', trouble: 'the money gate could not be asked' }).slice(1)).toEqual([
      'the last look did not come through: the money gate could not be asked',
      'payouts wait: payouts of bp-1 are stopped by ann: prices',
      'no saga',
    ]);
  });

  it('names every refund, also one without a saga', () => {
    expect(textOf({}, { withoutSaga: [refund('rf-2')] }).slice(1)).toEqual([
      'refund rf-2: no saga; nothing was due on it, or Temporal has forgotten it',
    ]);
  });

  it('says of a saga what failed', () => {
    const because = [{ rule: 'C2', text: 'It is paid.', facts: {} }] as const;
    const decision = { kind: 'hold', refundId: refund('rf-1'), because } as const;
    const state = { ...initialRefundState(AT, { run: 1, decision, grant: null, policy: DEFAULT_POLICY }), trouble: 'no such shop' };
    const [, , row] = textOf({}, { sagas: [{ workflowId: 'refund:x', closedAs: null, status: state }] });
    expect(row).toMatch(/^refund rf-1 .* Wait\. It is paid\. \(C2\) What failed: no such shop\.$/);
  });
});

describe('an explanation, on a terminal', () => {
  it('names what can be done also where no update would change anything', () => {
    const explained = { text: 'Wait.', waits: 'Waits for the OMS.', trouble: null, because: [], decision: null, said: [], press: [] };
    expect(explanationText(explained)).toBe(
      'Wait.\n\nWaits for the OMS.\n\nNothing to send to it; `saga look-again` has the order read and decided anew.\n',
    );
  });
});
