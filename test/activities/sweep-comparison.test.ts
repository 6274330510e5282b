import { describe, expect, it } from '@jest/globals';
import {
  type CoordinatorKnows,
  isOpenMatter,
  type Matter,
  mattersOf,
  matterText,
  type OrderSagas,
  reasonToWake,
} from '../../src/activities/sweep/comparison.ts';
import type { Look } from '../../src/contracts/activities.ts';
import { initialRefundState } from '../../src/contracts/sagas.ts';
import { refundId } from '../../src/domain/ids.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import {
  asks,
  asksLater,
  claimOf,
  deny,
  dispute,
  EARLIER,
  elsewhere,
  lamps,
  mirrorAlias,
  mirrored,
  ours,
  resolved,
} from '../domain/conflicts/lamps.ts';
import { AT, aPolicy, ourAlias, ourKey, someFacts, usd } from '../support/builders.ts';

const E1 = 'external/e-1';
const lookOf = ({ bwp, captured, ledger, returns, readAt }: OrderFacts, resolutions: Look['resolutions'] = null): Look => ({
  bwp,
  captured,
  ledger,
  returns,
  resolutions,
  readAt,
  policy: aPolicy(),
});
const knows = (over: Partial<CoordinatorKnows>): OrderSagas => ({
  coordinatorRuns: true,
  coordinator: { claims: [], answers: [], resolutions: [], notices: [], refusedVoids: [], ...over },
  sagas: [],
});
const silent: OrderSagas = { ...knows({}), coordinator: null };
const matterOf = (matters: readonly Matter[], saga: Matter['saga']): Matter => {
  const found = matters.find((matter) => matter.saga === saga);
  if (found === undefined) throw new Error(`expected something on a ${saga}`);
  return found;
};
/** Our payment of the lamp, and a refund of it from elsewhere, both told. */
const paidTwice = lookOf(
  someFacts({
    refunds: [asks(1, { state: 'SUCCESS', aliases: [ourAlias()] }), mirrored(1)],
    entries: [ours(1), elsewhere(1)],
  }),
);

describe('what a running coordinator knows', () => {
  it('ends a matter that a person settled, where the OMS does not keep it', () => {
    const running = knows({ resolutions: [resolved(E1, 'accepted')] });
    const matters = mattersOf(AT, paidTwice, running);
    expect(matters.filter(isOpenMatter)).toEqual([]);
    expect(reasonToWake(matters, running)).toBeNull();
    expect(matterText(matterOf(mattersOf(AT, paidTwice, silent), 'externalRefund'))).toMatch(/^manual: /);
  });

  it('gives way to what the OMS keeps on the same', () => {
    const echo = asks(1, { state: 'PENDING', aliases: [mirrorAlias()] });
    const look = lookOf(someFacts({ refunds: [echo], entries: [elsewhere(1), ours(1)] }), [
      { ...resolved(ourKey(), 'accepted'), actor: 'bob', at: EARLIER },
    ]);
    const matter = matterOf(mattersOf(AT, look, knows({ resolutions: [resolved(ourKey(), 'accepted')] })), 'refund');
    expect(matterText(matter)).toContain('bob resolved it');
  });

  it.each([
    {
      rule: 'a void that the OMS refused',
      facts: someFacts({ refunds: [asks(1)], entries: [ours(1, { state: 'PENDING' }), elsewhere(1)] }),
      known: { refusedVoids: [ourKey()] },
      saga: 'refund' as const,
      decision: { kind: 'follow' },
    },
    {
      rule: 'the answer of a person to a saga that is gone',
      facts: someFacts({ refunds: [asks(1)] }),
      known: { answers: [deny()] },
      saga: 'refund' as const,
      decision: { kind: 'denied' },
    },
    {
      rule: 'the first notice of a dispute',
      facts: someFacts({ refunds: [asks(1)], entries: [ours(1), dispute(1)] }),
      known: { notices: [{ key: 'dispute/d-1', at: '2025-03-10T08:00:00Z' }] },
      saga: 'externalRefund' as const,
      decision: { kind: 'manual', dueAt: '2025-03-15T08:00:00.000Z' },
    },
  ])('counts: $rule', ({ facts, known, saga, decision }) => {
    expect(matterOf(mattersOf(AT, lookOf(facts), knows(known)), saga).decision).toMatchObject(decision);
    expect(matterOf(mattersOf(AT, lookOf(facts), silent), saga).decision).not.toMatchObject(decision);
  });

  it('is a money call under way only while its saga runs: else nobody is at it', () => {
    const look = lookOf(someFacts({ refunds: [asks(1)] }));
    const lost = knows({ claims: [claimOf(1)] });
    const busy: OrderSagas = { ...lost, sagas: [{ saga: 'refund', id: refundId('refund-1'), state: null }] };
    expect(reasonToWake(mattersOf(AT, look, lost), lost)).toContain('nobody is at it');
    expect(matterOf(mattersOf(AT, look, busy), 'refund').decision.kind).toBe('paying');
  });

  it('counts once beside what a saga says of the same', () => {
    const payment = claimOf(1);
    const look = lookOf(someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)] }));
    const grant = { id: '1.1', run: 1, payment, expectedVersion: '1', resumed: false, alone: false };
    const decision = { kind: 'pay', refundId: payment.refundId, payment, estimate: usd(10_00), statusReason: null, because: [] } as const;
    const state = initialRefundState(AT, { run: 1, decision, grant, policy: aPolicy() });
    const running: OrderSagas = { ...knows({ claims: [payment] }), sagas: [{ saga: 'refund', id: payment.refundId, state }] };
    expect(mattersOf(AT, look, running).map(({ id, decision: { kind } }) => [id, kind])).toEqual([
      ['refund-1', 'paying'],
      ['refund-2', 'pay'],
    ]);
  });

  it('tells how much a call took whose outcome only a person knows, though its saga has ended', () => {
    const look = lookOf(someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)] }));
    const said = { resolutions: [resolved(ourKey(), 'paid')] };
    const onSecond = (running: OrderSagas) => mattersOf(AT, look, running).find(({ id }) => id === 'refund-2')?.decision.kind;
    expect([onSecond(knows({ ...said, claims: [claimOf(1)] })), onSecond(knows(said))]).toEqual(['pay', 'manual']);
  });

  it('is what a saga knows as well: a coordinator that is terminated takes no verdict of a person along', () => {
    const payment = claimOf(1);
    const look = lookOf(someFacts({ refunds: [asks(1)] }));
    const grant = { id: '1.1', run: 1, payment, expectedVersion: '1', resumed: false, alone: false };
    const decision = { kind: 'pay', refundId: payment.refundId, payment, estimate: usd(10_00), statusReason: null, because: [] } as const;
    const called = initialRefundState(AT, { run: 1, decision, grant, policy: aPolicy(), resolutions: [resolved(ourKey(), 'paid')] });
    const state = { ...called, call: called.call && { ...called.call, outcome: 'resolved' as const } };
    const running: OrderSagas = { coordinatorRuns: false, coordinator: null, sagas: [{ saga: 'refund', id: payment.refundId, state }] };
    expect(matterOf(mattersOf(AT, look, running), 'refund').decision).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE' });
  });
});
