import { describe, expect, it } from '@jest/globals';
import { CONDITIONS, DEFAULT_POLICY } from '../../src/domain/policy.ts';

const S = 1000;
const [MINUTE, HOUR, DAY] = [60 * S, 3_600 * S, 86_400 * S];

describe('a merchant who chooses nothing', () => {
  const { timing, deductions, approval, shippingBackFor, ...choices } = DEFAULT_POLICY;

  it('has open refunds paid when they are requested, what is doubtful asked about, and nothing added to what is owed', () => {
    expect(choices).toEqual({
      version: 'default-2',
      refundAliasType: 'EXTERNAL-REFUND-ID',
      returnAliasType: 'EXTERNAL-RETURN-ID',
      rejectFrom: ['PENDING'],
      payFrom: null,
      payWhen: 'requested',
      estimateTolerancePercent: 25,
      goodwillCap: {},
      tenderOrder: 'in_order',
      nothingDue: 'reject',
      possibleDuplicate: 'ask',
      overlaps: 'decide',
      mirrorPending: false,
      payoutsPerHour: {},
    });
  });

  it('keeps nothing of returned units, whatever their condition', () => {
    expect(CONDITIONS).toEqual(['SELLABLE', 'DEFECTIVE', 'DAMAGED', 'FULFILLMENT_EXPIRED', 'NOT_GRADED']);
    expect(deductions).toEqual(Object.fromEntries(CONDITIONS.map((condition) => [condition, { kind: 'share', basisPoints: 0 }])));
  });

  it('has one person asked above 500 dollars, two above 2,000', () => {
    expect(approval).toEqual({ onePersonAbove: { USD: 500_00 }, twoPeopleAbove: { USD: 2_000_00 } });
  });

  it('has shipping paid back for the reasons of which the shopper is not the cause', () => {
    expect([...shippingBackFor].sort()).toEqual([
      'BILLING_ERROR',
      'CANCELLED_ORDER',
      'DAMAGED_DEFECTIVE_ITEM',
      'DELIVERED_NOT_RECEIVED',
      'DELIVERY_ISSUES',
      'EXPIRATION_DATE_PROBLEM',
      'FOOD_SAFETY_ISSUE',
      'ITEM_MISSING',
      'LOST_IN_TRANSIT',
      'NOT_DELIVERED',
      'RECEIVED_ITEM_TOO_LATE',
      'WRONG_ITEM_RECEIVED',
    ]);
  });

  it('waits as documented', () => {
    expect(timing).toEqual({
      readBack: [5 * S, MINUTE, 5 * MINUTE, HOUR, DAY],
      settlementPoll: [30 * S, 5 * MINUTE, HOUR],
      deadline: 2 * DAY,
      returnWait: 30 * DAY,
      returnDropOff: 45 * DAY,
      returnTransit: 21 * DAY,
      returnGrading: 30 * DAY,
      reminders: [DAY, DAY, 2 * DAY],
      disputeEvidence: 5 * DAY,
      lookAgain: [MINUTE, 10 * MINUTE, HOUR],
      quiet: 3 * S,
    });
  });
});
