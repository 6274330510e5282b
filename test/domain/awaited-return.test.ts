import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { causeOf, unitsBefore } from '../../src/domain/awaited-return.ts';
import { returnId } from '../../src/domain/ids.ts';
import type { BwpRefund, BwpReturn } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { aLine, anApproval, anOrder, aPolicy, aReturn, line, parcels, someFacts, usd } from '../support/builders.ts';
import { asks, asksLater, lamps, oursBefore, TWO } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

const CAUSED = { kind: 'ReturnDetails', id: 'return-1' };
const returning = (over: Partial<BwpRefund> = {}): BwpRefund => asks(1, { requestReason: 'RETURN_RECEIVED', causedBy: CAUSED, ...over });
const graded = (units: number): BwpReturn['lines'] => [{ lineId: line('line-1'), units: 1, graded: [{ condition: 'SELLABLE', units }] }];
const waiting = (days: number): Policy['timing'] => ({ ...aPolicy().timing, returnWait: days * 24 * 60 * 60 * 1000 });

describe('a refund that a return caused', () => {
  it.each([
    { payWhen: 'requested' as const, returned: aReturn({ packages: parcels('CREATED') }), kind: 'pay' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels('CREATED') }), kind: 'await_return' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels('DROPPED_OFF') }), kind: 'pay' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels('IN_TRANSIT') }), kind: 'pay' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels('DROPPED_OFF', 'CREATED') }), kind: 'await_return' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels() }), kind: 'await_return' },
    { payWhen: 'dropped_off' as const, returned: aReturn({ packages: parcels('FAILED') }), kind: 'await_return' },
    { payWhen: 'delivered' as const, returned: aReturn({ packages: parcels('IN_TRANSIT') }), kind: 'await_return' },
    { payWhen: 'delivered' as const, returned: aReturn({ packages: parcels('DELIVERED') }), kind: 'pay' },
    { payWhen: 'delivered' as const, returned: aReturn({ packages: parcels('completed') }), kind: 'pay' },
    { payWhen: 'delivered' as const, returned: aReturn({ packages: parcels('SOMETHING_NEW') }), kind: 'await_return' },
    { payWhen: 'graded' as const, returned: aReturn({ packages: parcels('DELIVERED') }), kind: 'await_return' },
    { payWhen: 'graded' as const, returned: aReturn({ lines: graded(1) }), kind: 'pay' },
    { payWhen: 'graded' as const, returned: aReturn({ lines: [] }), kind: 'await_return' },
    { payWhen: 'graded' as const, returned: aReturn({ state: 'COMPLETED', packages: parcels() }), kind: 'pay' },
    { payWhen: 'delivered' as const, returned: aReturn({ state: 'completed', packages: parcels() }), kind: 'pay' },
  ])(
    'is decided as $kind when the policy pays it once $payWhen and the return reads $returned.state $returned.packages',
    ({ payWhen, returned, kind }) => {
      expect(verdict(someFacts({ refunds: [returning()], returns: [returned] }), aPolicy({ payWhen })).kind).toBe(kind);
    },
  );

  it('waits with the time until when, and says which return', () => {
    expect(
      verdict(someFacts({ refunds: [returning()], returns: [aReturn()] }), aPolicy({ payWhen: 'delivered', timing: waiting(10) })),
    ).toMatchObject({
      kind: 'await_return',
      until: '2025-03-14T10:00:00.000Z',
      because: [{ rule: 'RETURN', facts: { returnId: 'return-1', returnState: 'CREATED' } }],
    });
  });

  it.each([
    { readAt: '2025-03-14T09:59:59.999Z', kind: 'await_return' },
    { readAt: '2025-03-14T10:00:00Z', kind: 'pay' },
    { readAt: '2025-03-14T10:00:01Z', kind: 'pay' },
  ])('waits no longer than that: read at $readAt it is decided as $kind', ({ readAt, kind }) => {
    const given = someFacts({ refunds: [returning()], returns: [aReturn()], readAt });
    expect(verdict(given, aPolicy({ payWhen: 'delivered', timing: waiting(10) })).kind).toBe(kind);
  });

  it('is held, with a deadline to a person, where Buy with Prime does not say when it was opened', () => {
    const given = someFacts({ refunds: [returning({ createdAt: null })], returns: [aReturn()], readAt: '2030-01-01T00:00:00Z' });
    expect(verdict(given, aPolicy({ payWhen: 'delivered' }))).toMatchObject({ kind: 'hold', because: [{ rule: 'RETURN' }] });
  });

  it.each(['RETURN_NO_SCAN', 'RETURN_RELATED_ERROR'])('waits for nothing where its reason says that no step will come: %s', (requestReason) => {
    const given = someFacts({ refunds: [returning({ requestReason })], returns: [aReturn()] });
    expect(verdict(given, aPolicy({ payWhen: 'graded' })).kind).toBe('pay');
  });

  it('is paid with an approval only when the return that it would wait for was cancelled', () => {
    const given = someFacts({ refunds: [returning()], returns: [aReturn({ state: 'CANCELLED' })] });
    const policy = aPolicy({ payWhen: 'delivered' });
    const decided = verdict(given, policy);
    expect(decided).toMatchObject({ kind: 'needs_approval', reason: 'RETURN_CANCELLED', because: [{ rule: 'C2' }, { rule: 'RETURN' }] });
    if (decided.kind === 'needs_approval') expect(verdict({ ...given, answers: [anApproval(decided.shown)] }, policy).kind).toBe('pay');
    expect(verdict(given).kind).toBe('pay');
  });

  it('is answered at once where nothing is left to pay', () => {
    const given = someFacts({ refunds: [returning()], returns: [aReturn()], entries: [oursBefore(1)] });
    expect(verdict(given, aPolicy({ payWhen: 'graded' })).kind).toBe('already_refunded');
  });

  it('is paid once all the units of its line are graded, over all the lines that it asks for', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: TWO })] });
    const both = returning({
      lines: [
        { lineId: line('line-1'), units: 2 },
        { lineId: TWO, units: 1 },
      ],
      total: usd(30_00),
    });
    const ofLine = (id: string, units: number, done: number) => ({ lineId: line(id), units, graded: [{ condition: 'SELLABLE', units: done }] });
    const kind = (first: number, second: number) =>
      verdict(
        someFacts({ captured, refunds: [both], returns: [aReturn({ lines: [ofLine('line-1', 2, first), ofLine('line-2', 1, second)] })] }),
        aPolicy({ payWhen: 'graded' }),
      ).kind;
    expect([kind(2, 1), kind(1, 1), kind(2, 0)]).toEqual(['pay', 'await_return', 'await_return']);
  });
});

describe('the return that caused a refund', () => {
  const policy = aPolicy({ payWhen: 'delivered' });
  const kind = (refund: BwpRefund, returns: readonly BwpReturn[], captured = lamps(2)) =>
    verdict(someFacts({ captured, refunds: [refund], returns }), policy).kind;
  const unsaid = (over: Partial<BwpRefund> = {}) => returning({ causedBy: null, ...over });

  it('is the one that Buy with Prime names', () => {
    const delivered = aReturn({ id: returnId('return-2'), packages: parcels('DELIVERED') });
    expect(kind(returning(), [aReturn(), delivered])).toBe('await_return');
    expect(kind(returning({ causedBy: { ...CAUSED, id: 'return-2' } }), [aReturn(), delivered])).toBe('pay');
  });

  it('is none where it names something else, whatever the reason says', () => {
    expect(kind(returning({ causedBy: { kind: 'CancelDetails', id: 'return-1' } }), [aReturn()])).toBe('pay');
  });

  it('is none for a reason that is no return', () => {
    expect(kind(unsaid({ requestReason: 'NOT_DELIVERED' }), [aReturn()])).toBe('pay');
    expect(kind(unsaid({ requestReason: null }), [aReturn()])).toBe('pay');
  });

  it('is the one return with its lines and units, where it is not named', () => {
    expect(kind(unsaid(), [aReturn()])).toBe('await_return');
    expect(kind(unsaid(), [aReturn(), aReturn({ id: returnId('return-2'), lines: [{ lineId: TWO, units: 1, graded: [] }] })])).toBe('await_return');
  });

  it('is found by an alias of the line', () => {
    const captured = anOrder({ lines: [aLine({ aliases: ['sku-1'] })] });
    expect(kind(unsaid(), [aReturn({ lines: [{ lineId: line('sku-1'), units: 1, graded: [] }] })], captured)).toBe('await_return');
  });

  it.each([
    { rule: 'two returns have its lines', refund: unsaid(), returns: [aReturn(), aReturn({ id: returnId('return-2') })] },
    { rule: 'no return has its lines', refund: unsaid(), returns: [aReturn({ lines: [{ lineId: TWO, units: 1, graded: [] }] })] },
    {
      rule: 'no return has so many units',
      refund: unsaid({ lines: [{ lineId: line('line-1'), units: 2 }], total: usd(20_00) }),
      returns: [aReturn()],
    },
    { rule: 'there is no return', refund: unsaid(), returns: [] },
    { rule: 'the one that is named is not on the order', refund: returning({ causedBy: { ...CAUSED, id: 'return-9' } }), returns: [aReturn()] },
  ])('is a person’s to find where $rule', ({ refund, returns }) => {
    expect(verdict(someFacts({ captured: lamps(2), refunds: [refund], returns }), policy)).toMatchObject({
      kind: 'manual',
      reason: 'RETURN_UNKNOWN',
      because: [{ rule: 'RETURN' }],
    });
  });

  it.each(['DRAFT', 'CANCELLED'])('is not one that is %s', (state) => {
    expect(kind(unsaid(), [aReturn(), aReturn({ id: returnId('return-2'), state })])).toBe('await_return');
  });

  it('does not matter where the policy waits for nothing and keeps nothing', () => {
    expect(verdict(someFacts({ refunds: [unsaid()], returns: [] })).kind).toBe('pay');
  });
});

describe('units of a return that were asked for before', () => {
  const ONE_UNIT = { lineId: line('line-1'), units: 1 };
  const first = (over: Partial<BwpRefund>) => ({ refund: asks(1, over), asked: [ONE_UNIT, { lineId: TWO, units: 5 }] });
  const second = { refund: asksLater(1), asked: [ONE_UNIT] };
  const counted = (over: Partial<BwpRefund> = {}) => unitsBefore(second.refund, ONE_UNIT, [first(over), second, first({ id: asksLater(1).id })]);

  it('are those of the same line in earlier refunds', () => {
    expect(counted()).toBe(1);
    expect(unitsBefore(second.refund, { lineId: TWO, units: 1 }, [first({}), first({}), second])).toBe(10);
    expect(unitsBefore(first({}).refund, ONE_UNIT, [first({}), second])).toBe(0);
  });

  it.each([
    { rule: 'count though nothing was expected for them', over: { total: usd(0) }, units: 1 },
    { rule: 'count where some was paid before it failed', over: { state: 'FAILURE', total: usd(1) }, units: 1 },
    { rule: 'do not count where nothing was paid and it failed', over: { state: 'FAILURE', total: usd(0) }, units: 0 },
    { rule: 'do not count where they were rejected', over: { state: 'REJECTED', total: usd(1) }, units: 0 },
  ])('$rule', ({ over, units }) => {
    expect(counted(over)).toBe(units);
  });

  it('are none for a refund that is not of that return', () => {
    expect(unitsBefore(asksLater(1), ONE_UNIT, [first({}), first({})])).toBe(0);
  });
});

describe('the cause of a refund', () => {
  const captured = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: TWO, quantity: 2 })] });
  const of = (id: string, units = 1, done = 0) => ({ lineId: line(id), units, graded: done === 0 ? [] : [{ condition: 'SELLABLE', units: done }] });
  const cause = (lines: readonly string[], returns: readonly BwpReturn[], over: Partial<BwpRefund> = {}) => {
    const asked = lines.map((id) => ({ lineId: line(id), units: 1 }));
    return causeOf(returning({ causedBy: null, ...over }), asked, { facts: someFacts({ captured, returns }), known: knownLines(captured) });
  };

  it('is none where it is for another thing, or for no return', () => {
    expect(cause(['line-1'], [aReturn()], { causedBy: { kind: 'CancelDetails', id: 'return-1' } })).toEqual({ kind: 'none' });
    expect(cause(['line-1'], [aReturn()], { requestReason: 'NOT_DELIVERED' })).toEqual({ kind: 'none' });
  });

  it('is a return with all of its lines, whatever else is in it', () => {
    const both = aReturn({ lines: [of('gone'), of('line-2'), of('line-1')] });
    expect(cause(['line-1'], [both])).toEqual({ kind: 'return', returned: both });
    expect(cause(['line-1', 'line-2'], [both])).toEqual({ kind: 'return', returned: both });
    expect(cause(['line-1', 'line-2'], [aReturn()])).toEqual({ kind: 'unclear' });
  });

  it('is graded when its own units are, whatever else is in the return', () => {
    const graded1 = aReturn({ lines: [of('gone'), of('line-1', 1, 1), of('line-2', 2)] });
    const given = someFacts({ captured, refunds: [returning()], returns: [graded1] });
    expect(verdict(given, aPolicy({ payWhen: 'graded' })).kind).toBe('pay');
  });
});
