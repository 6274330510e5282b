import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import {
  EXTERNAL_RETURN_STEPS,
  type ExternalReturnState,
  externalReturnStep,
  hasReached,
  NEW_EXTERNAL_REFUND,
  NEW_EXTERNAL_RETURN,
  PAYMENT_STATES,
  paymentStanding,
  REFUND_STEPS,
  RETURN_PACKAGES,
  type RefundState,
  refundStep,
  type Step,
} from '../../src/domain/states.ts';

const REFUND_STATES: readonly RefundState[] = ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS', 'REJECTED'];
const RETURN_STATES: readonly ExternalReturnState[] = ['CREATED', 'COMPLETED', 'CANCELLED'];
const BY_DEFAULT = DEFAULT_POLICY.rejectFrom;

/** A cell as domain.md prints it: + or −, and its mark. */
const written = ({ may, evidence }: Step, byPolicy: boolean): string =>
  `${may === 'yes' || (may === 'by_policy' && byPolicy) ? '+' : '-'}${evidence === 'documented' ? 'D' : 'I'}`;
const cells = <To extends string>(row: string, columns: readonly To[]) => row.split(' ').map((cell, at) => ({ cell, to: columns[at] as To }));

describe('the refund table', () => {
  /** domain.md 2.1, copied by hand. */
  const PRINTED: Readonly<Record<RefundState, string>> = {
    PENDING: '+D +D +D +D +I',
    PARTIAL: '-D +D -D +D -I',
    FAILURE: '-D +D +D +D -I',
    SUCCESS: '-D -D -D +D -I',
    REJECTED: '-I -I -I -I +I',
  };
  const all = REFUND_STATES.flatMap((from) => cells(PRINTED[from], REFUND_STATES).map(({ cell, to }) => ({ from, to, cell })));

  it.each(all)('says $cell for $from to $to', ({ from, to, cell }) => {
    expect(written(REFUND_STEPS[from][to], BY_DEFAULT.includes(from))).toBe(cell);
    const expected = cell.startsWith('-') ? 're_read' : from === to ? 'repeat' : 'legal';
    expect(refundStep(from, to, BY_DEFAULT)).toBe(expected);
  });

  it.each(cells('+D +D +D +D -I', REFUND_STATES))('says $cell for adding an external refund as $to', ({ cell, to }) => {
    expect(written(NEW_EXTERNAL_REFUND[to], true)).toBe(cell);
  });

  it('has no further row and no further column', () => {
    for (const row of [REFUND_STEPS, NEW_EXTERNAL_REFUND, ...Object.values(REFUND_STEPS)]) expect(Object.keys(row)).toEqual(REFUND_STATES);
  });
});

describe('REJECTED', () => {
  const allowing = (rejectFrom: readonly RefundState[]) => REFUND_STATES.filter((from) => refundStep(from, 'REJECTED', rejectFrom) === 'legal');

  it('may be set from PENDING, unless configured otherwise', () => {
    expect(allowing(BY_DEFAULT)).toEqual(['PENDING']);
  });

  it.each([
    { rejectFrom: [] as const },
    { rejectFrom: ['PARTIAL'] as const },
    { rejectFrom: ['PENDING', 'FAILURE'] as const },
    { rejectFrom: ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS'] as const },
  ])('may be set from $rejectFrom alone where these are configured', ({ rejectFrom }) => {
    expect(allowing(rejectFrom)).toEqual(rejectFrom);
  });

  it.each([{ rejectFrom: [] }, { rejectFrom: REFUND_STATES }])('is final and may be repeated, with $rejectFrom configured', ({ rejectFrom }) => {
    expect(REFUND_STATES.map((to) => refundStep('REJECTED', to, rejectFrom))).toEqual(['re_read', 're_read', 're_read', 're_read', 'repeat']);
  });

  it('is not set from a state that is not in the table, whatever is configured', () => {
    expect(refundStep('IN_REVIEW', 'REJECTED', ['IN_REVIEW' as RefundState])).toBe('re_read');
  });

  it('opens no other step', () => {
    const steps = (rejectFrom: readonly RefundState[]) =>
      REFUND_STATES.flatMap((from) => REFUND_STATES.filter((to) => to !== 'REJECTED').map((to) => refundStep(from, to, rejectFrom)));
    expect(steps(REFUND_STATES)).toEqual(steps([]));
  });
});

describe('the table of external returns', () => {
  const PRINTED = { DRAFT: '-I -I -I', CREATED: '+I +I +I', COMPLETED: '-I +I -I', CANCELLED: '-I -I +I' } as const;
  const all = Object.entries(PRINTED).flatMap(([from, row]) => cells(row, RETURN_STATES).map(({ cell, to }) => ({ from, to, cell })));

  it.each(all)('says $cell for $from to $to', ({ from, to, cell }) => {
    expect(written(EXTERNAL_RETURN_STEPS[from as keyof typeof PRINTED][to], true)).toBe(cell);
    const expected = cell.startsWith('-') ? 're_read' : from === to ? 'repeat' : 'legal';
    expect(externalReturnStep(from, to)).toBe(expected);
  });

  it.each(cells('+D +D -D', RETURN_STATES))('says $cell for adding one as $to', ({ cell, to }) => {
    expect(written(NEW_EXTERNAL_RETURN[to], true)).toBe(cell);
  });

  it('has no further row', () => {
    expect(Object.keys(EXTERNAL_RETURN_STEPS)).toEqual(Object.keys(PRINTED));
  });
});

describe('a state that is in no table', () => {
  it.each(['IN_REVIEW', 'NEW', 'pending', '', 'toString', '__proto__'])('%s: is read again, never left', (shown) => {
    for (const to of REFUND_STATES) expect(refundStep(shown, to, REFUND_STATES)).toBe('re_read');
    for (const to of RETURN_STATES) expect(externalReturnStep(shown, to)).toBe('re_read');
  });
});

describe('a return package', () => {
  it.each([
    { state: 'CREATED', droppedOff: false, delivered: false },
    { state: 'DROPPED_OFF', droppedOff: true, delivered: false },
    { state: 'IN_TRANSIT', droppedOff: true, delivered: false },
    { state: 'DELIVERED', droppedOff: true, delivered: true },
    { state: 'COMPLETED', droppedOff: true, delivered: true },
    { state: 'FAILED', droppedOff: false, delivered: false },
    { state: 'Completed', droppedOff: true, delivered: true },
    { state: 'in_transit', droppedOff: true, delivered: false },
    { state: 'LEFT_AT_DOOR', droppedOff: false, delivered: false },
    { state: '', droppedOff: false, delivered: false },
  ])('"$state": dropped off $droppedOff, delivered $delivered', ({ state, droppedOff, delivered }) => {
    expect({ droppedOff: hasReached(state, 'dropped_off'), delivered: hasReached(state, 'delivered') }).toEqual({ droppedOff, delivered });
  });

  it('goes the steps of domain.md 3.3, each on the evidence printed', () => {
    expect(RETURN_PACKAGES.map(({ state, next, evidence }) => `${state} > ${next.join(', ')}: ${evidence}`)).toEqual([
      'CREATED > DROPPED_OFF, IN_TRANSIT: documented',
      'DROPPED_OFF > IN_TRANSIT: documented',
      'IN_TRANSIT > DELIVERED, FAILED: inferred',
      'DELIVERED > : documented',
      'FAILED > : inferred',
    ]);
  });

  it('never loses a step that it has reached, but by failing', () => {
    for (const { next, reached } of RETURN_PACKAGES) {
      for (const after of next.filter((state) => state !== 'FAILED')) {
        expect(RETURN_PACKAGES.find(({ state }) => state === after)?.reached).toEqual(expect.arrayContaining([...reached]));
      }
    }
  });
});

describe('a payment', () => {
  /** domain.md 8.1, PaymentStateInput, in its order. */
  const PRINTED: readonly (readonly [string, string])[] = [
    ['NOT_STARTED', 'moving'],
    ['CREATED', 'moving'],
    ['FAILED', 'ended'],
    ['AUTHORIZED', 'moving'],
    ['CAPTURED', 'moving'],
    ['CLIENT_ACTION_REQUIRED', 'moving'],
    ['READY_FOR_CONFIRMATION', 'moving'],
    ['IN_PROGRESS', 'moving'],
    ['SUCCESS', 'paid'],
    ['CANCELLED', 'ended'],
    ['CANCELED', 'ended'],
    ['REFUNDED', 'moving'],
  ];

  it.each(PRINTED)('in state %s is %s', (state, means) => {
    expect(paymentStanding(state)).toBe(means);
  });

  it.each([null, '', 'SETTLED', 'success'])('in state %s is neither counted as paid nor paid again', (state) => {
    expect(paymentStanding(state)).toBe('moving');
  });

  it('has these states and no others, the last two deprecated, what they say of the money inferred', () => {
    expect(PAYMENT_STATES.map(({ state, means }) => [state, means])).toEqual(PRINTED);
    expect(PAYMENT_STATES.filter(({ deprecated }) => deprecated).map(({ state }) => state)).toEqual(['CANCELED', 'REFUNDED']);
    expect(new Set(PAYMENT_STATES.map(({ evidence }) => evidence))).toEqual(new Set(['inferred']));
  });
});
