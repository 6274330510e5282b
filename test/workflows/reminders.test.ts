import { describe, expect, it } from '@jest/globals';
import type { RefundSagaState, RefundState } from '../../src/contracts/sagas.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { dueOnEntering } from '../../src/workflows/reminders.ts';

const NOW = 1_000_000;
const WITHIN = NOW + DEFAULT_POLICY.timing.deadline;
const was = (state: RefundSagaState, dueAt: number | null): Pick<RefundState, 'state' | 'dueAt' | 'instruction'> => ({
  state,
  dueAt,
  instruction: { policy: DEFAULT_POLICY } as RefundState['instruction'],
});

describe('by when a refund should have left the state that it enters', () => {
  it.each([
    { what: 'within the deadline of the policy', enters: 'PAYING', from: was('DECIDING', null), until: null, due: WITHIN },
    { what: 'at the time that is known', enters: 'AWAITING_RETURN', from: was('HELD', 7), until: 5, due: 5 },
    { what: 'as before while it is under way', enters: 'SETTLING', from: was('PAYING', 7), until: null, due: 7 },
    {
      what: 'within the deadline where what is under way had no time yet',
      enters: 'SETTLING',
      from: was('PAYING', null),
      until: null,
      due: WITHIN,
    },
    { what: 'within a new deadline in a person’s hands', enters: 'NEEDS_PERSON', from: was('PAYING', 7), until: null, due: WITHIN },
    { what: 'within a new deadline when it is held after a call', enters: 'HELD', from: was('UNKNOWN', 7), until: null, due: WITHIN },
    { what: 'never, once it has ended', enters: 'DONE', from: was('REPORTING', 7), until: 5, due: null },
  ] as const)('$what', ({ enters, from, until, due }) => {
    expect(dueOnEntering(enters, from, until, NOW)).toBe(due);
  });
});
