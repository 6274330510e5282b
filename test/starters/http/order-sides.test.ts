import { describe, expect, it } from '@jest/globals';
import type { SideSagaState } from '../../../src/contracts/sagas.ts';
import { initialSideState, type SideDecision, type SideState } from '../../../src/contracts/side-sagas.ts';
import { decide } from '../../../src/domain/decide.ts';
import { explain } from '../../../src/domain/explain.ts';
import type { Silent } from '../../../src/starters/http/order-seen.ts';
import { AT, aPolicy, aReturn, someFacts } from '../../support/builders.ts';
import { answerOf, aStatus, byPhone, entriesOf, lamps } from './answer-of.ts';
import { enumsOf } from './ingress-document.ts';

/** The saga of a side decision; `id` as in its workflow id. */
const aSide = (wanted: SideDecision, id = 'side-1', over: Partial<SideState> = {}): SideState => ({
  ...initialSideState(AT, id, { run: 1, wanted, policy: aPolicy({ version: 'spring-7' }) }),
  ...over,
});
const returned = decide(
  someFacts({
    refunds: [],
    omsReturns: { told: [], external: [] },
    returns: [aReturn({ reason: { code: 'NO_LONGER_NEEDED', text: null, comment: 'It smells of my kitten.' } })],
  }),
  aPolicy(),
).returns[0];
if (returned === undefined) throw new Error('expected a decision on the return');

describe('a saga that moves no money, as HTTP tells it', () => {
  it('stands in the list of its kind, explained in the words of the one renderer', () => {
    const [mirror] = entriesOf({ captured: lamps, refunds: [], entries: [byPhone] });
    if (mirror === undefined) throw new Error('expected a decision on the entry');
    const because = [{ rule: 'RETURN', text: 'The OMS opened it by itself.', facts: {} }] as const;
    const add = { kind: 'add', externalReturnId: 'store-1', state: 'CREATED', aliases: [], lines: [], because } as const;
    const dueAt = Date.parse('2025-03-08T12:00:00Z');
    const sides = [
      aSide({ saga: 'return', decision: returned }, 'return-1', { state: 'IN_TRANSIT', dueAt }),
      aSide({ saga: 'externalRefund', decision: mirror, isFinal: true }, 'e-1', {
        state: 'NEEDS_PERSON',
        attention: 'REFUSED_BY_BWP',
        trouble: 'no',
      }),
      aSide({ saga: 'externalReturn', decision: add }, 'store-1', { state: 'REPORTING' }),
    ];
    const { returns, externalRefunds, externalReturns } = answerOf([], aStatus(), { sides });
    expect(returns).toEqual([
      {
        ...{ id: 'return-1', workflowId: 'side:return-1', open: true, closedAs: null },
        ...{ state: 'IN_TRANSIT', attention: null, dueAt: '2025-03-08T12:00:00.000Z', kind: returned.kind },
        ...{ explanation: explain(returned), because: returned.because, policyVersion: 'spring-7', trouble: null },
      },
    ]);
    expect(externalRefunds).toMatchObject([{ id: 'e-1', kind: 'mirror', attention: 'REFUSED_BY_BWP', trouble: 'no', explanation: explain(mirror) }]);
    expect(externalReturns).toMatchObject([{ id: 'store-1', kind: 'add', state: 'REPORTING', dueAt: null, explanation: explain(add) }]);
  });

  it('tells nothing of what the shopper wrote, or of how they paid', () => {
    const [mirror] = entriesOf({ captured: lamps, refunds: [], entries: [byPhone] });
    if (mirror === undefined) throw new Error('expected a decision on the entry');
    const sides = [aSide({ saga: 'return', decision: returned }), aSide({ saga: 'externalRefund', decision: mirror, isFinal: true })];
    expect(JSON.stringify(sides)).toMatch(/kitten.*1234/s);
    expect(JSON.stringify(answerOf([], aStatus(), { sides }))).not.toMatch(/kitten|1234/);
  });

  it('has every kind and state in the document that there is', () => {
    type Kind = SideDecision['decision']['kind'];
    const kinds: Record<Kind, true> = {
      ...{ mirror: true, update_mirror: true, hold: true, follow: true, add: true },
      ...{ update: true, linked: true, manual: true, settled: true },
    };
    const states: Record<SideSagaState, true> = {
      ...{ DECIDING: true, HELD: true, SETTLING: true, REPORTING: true, NEEDS_PERSON: true, DONE: true },
      ...{ OPEN: true, IN_TRANSIT: true, DELIVERED: true, GRADING: true, CANCELLED: true, NEVER_SENT: true },
    };
    const sagas: Record<Silent['kind'], true> = { refund: true, return: true, externalRefund: true, externalReturn: true };
    expect(enumsOf('Side')).toEqual([states, kinds].map((each) => Object.keys(each)));
    expect(enumsOf('Silent')).toEqual([Object.keys(sagas)]);
  });
});

describe('a saga that does not answer', () => {
  it('is named, as Temporal knows it', () => {
    const attributes = { state: 'NEEDS_PERSON', attention: 'DECLINED', dueAt: '2025-03-08T12:00:00.000Z' };
    const silent: Silent = { kind: 'refund', id: 'refund-9', workflowId: 'refund:x', closedAs: null, ...attributes };
    expect(answerOf([], aStatus(), { silent: [silent] }).silent).toEqual([{ ...silent, open: true }]);
  });
});
