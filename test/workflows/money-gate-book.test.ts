import { describe, expect, it } from '@jest/globals';
import { newGateState, type ReserveRequest } from '../../src/contracts/money-gate.ts';
import { businessProductId, orderId } from '../../src/domain/ids.ts';
import { GateBook } from '../../src/workflows/money-gate-book.ts';
import { gateDetails } from '../../src/workflows/money-gate-view.ts';

const PRODUCT = businessProductId('bp-1');
const NOON = Date.parse('2026-03-02T12:00:00Z');
const ANN = { actor: 'ann', reason: 'a wrong price list' };

const book = (): GateBook => new GateBook(newGateState({ product: PRODUCT }));
const at = (order: string) => ({ businessProductId: PRODUCT, orderId: orderId(order) });
const asks = (order: string, minor: number, cap: number | null = 1000, key = `key-${order}`): ReserveRequest => ({
  at: at(order),
  key,
  currency: 'USD',
  minor,
  cap,
});
const GO = { allowed: true };
const NO = { allowed: false };

describe('the cap on money per hour', () => {
  it('lets payments through until it is reached exactly', () => {
    const gate = book();
    expect([gate.reserve(asks('a', 600), NOON), gate.reserve(asks('b', 400), NOON)]).toEqual([GO, GO]);
    expect(gate.stopped).toBe(false);
  });

  it('trips on the payment that would go above it, with the reason in words, and stops all that follows', () => {
    const gate = book();
    gate.reserve(asks('a', 600), NOON);
    expect(gate.reserve(asks('b', 401), NOON + 1)).toEqual({
      allowed: false,
      since: NOON + 1,
      why:
        'Payouts of business product bp-1 are stopped since 2026-03-02T12:00:00.001Z: the cap on money per hour was reached. ' +
        "4.01 USD for order b would make 10.01 USD within an hour; the policy's cap (payoutsPerHour) is 10.00 USD.",
    });
    expect(gate.reserve(asks('c', 1), NOON + 2)).toMatchObject({ ...NO, since: NOON + 1 });
  });

  it('stays tripped when the hour is over, until a person says go', () => {
    const gate = book();
    gate.reserve(asks('a', 1001), NOON);
    expect(gate.reserve(asks('b', 1), NOON + 86_400_000)).toMatchObject(NO);
    gate.go({ commandId: 'c-1', ...ANN }, NOON + 86_400_000);
    expect(gate.reserve(asks('b', 1), NOON + 86_400_000)).toEqual(GO);
  });

  it('lets the payment that tripped it through after go, and counts the hour from there', () => {
    const gate = book();
    gate.reserve(asks('a', 900), NOON);
    gate.reserve(asks('huge', 5000), NOON);
    gate.go({ commandId: 'c-1', ...ANN }, NOON + 5);
    expect(gate.reserve(asks('huge', 5000), NOON + 6)).toEqual(GO);
    expect(gate.reserve(asks('b', 1000), NOON + 7)).toEqual(GO);
    expect(gate.reserve(asks('c', 1), NOON + 8)).toMatchObject(NO);
  });

  it('does not let another amount under the key that tripped it through', () => {
    const gate = book();
    gate.reserve(asks('huge', 5000), NOON);
    gate.go({ commandId: 'c-1', ...ANN }, NOON + 5);
    expect(gate.reserve(asks('huge', 5001), NOON + 6)).toMatchObject(NO);
  });

  it('counts a key that asks again once', () => {
    const gate = book();
    for (let n = 0; n < 5; n += 1) expect(gate.reserve(asks('a', 600), NOON + n)).toEqual(GO);
    expect(gate.reserve(asks('b', 400), NOON + 9)).toEqual(GO);
  });

  it('does not count what was refused', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    gate.reserve(asks('a', 900), NOON);
    gate.go({ commandId: 'c-2', ...ANN }, NOON);
    expect(gate.reserve(asks('b', 1000), NOON)).toEqual(GO);
  });

  it('counts on when a person, and not the cap, had stopped it', () => {
    const gate = book();
    gate.reserve(asks('a', 900), NOON);
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    gate.go({ commandId: 'c-2', ...ANN }, NOON);
    expect(gate.reserve(asks('b', 101), NOON)).toMatchObject(NO);
  });
});

describe('a stop by hand', () => {
  it('of one order stops just that order', () => {
    const gate = book();
    expect(gate.stop({ commandId: 'c-1', ...ANN, orderId: 'a' }, NOON).says).toContain('order a of business product bp-1');
    expect(gate.reserve(asks('a', 1), NOON)).toMatchObject(NO);
    expect(gate.reserve(asks('b', 1), NOON)).toEqual(GO);
  });

  it('also refuses a key that was let through before: its money call gets another grant only now', () => {
    const gate = book();
    gate.reserve(asks('a', 1), NOON);
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    expect(gate.reserve(asks('a', 1), NOON)).toMatchObject(NO);
  });

  it('sent twice under one command id counts once, and a second one names the first', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    gate.go({ commandId: 'c-2', ...ANN }, NOON);
    expect(gate.stop({ commandId: 'c-1', ...ANN }, NOON)).toMatchObject({ repeated: true });
    expect(gate.stopped).toBe(false);
    gate.stop({ commandId: 'c-3', ...ANN }, NOON);
    expect(gate.stop({ commandId: 'c-4', actor: 'ben', reason: 'me too' }, NOON + 9)).toEqual({
      repeated: false,
      says: expect.stringMatching(/^It was stopped before\. .* by ann: a wrong price list\./),
    });
  });

  it('of everything is not ended by go for an order, nor the other way round', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    gate.stop({ commandId: 'c-2', ...ANN, orderId: 'a' }, NOON);
    expect(gate.go({ commandId: 'c-3', ...ANN, orderId: 'a' }, NOON).says).toContain('Still stopped: business product bp-1.');
    expect(gate.reserve(asks('a', 1), NOON)).toMatchObject(NO);
    gate.stop({ commandId: 'c-4', ...ANN, orderId: 'a' }, NOON);
    gate.go({ commandId: 'c-5', ...ANN }, NOON);
    expect(gate.reserve(asks('a', 1), NOON)).toMatchObject(NO);
    expect(gate.reserve(asks('b', 1), NOON)).toEqual(GO);
  });
});

describe('orders that wait', () => {
  it('are kept once each, and woken by the go that frees them, oldest first and a page at a time', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    for (const order of ['a', 'b', 'a', 'c']) gate.reserve(asks(order, 1), NOON);
    expect(gate.go({ commandId: 'c-2', ...ANN }, NOON).says).toContain('3 order(s)');
    expect(gate.takeWaking(2)).toEqual({ id: 'money-go:c-2', ...ANN, orders: [at('a'), at('b')] });
    expect(gate.takeWaking(2)).toEqual({ id: 'money-go:c-2', ...ANN, orders: [at('c')] });
    expect(gate.takeWaking(2)).toBeNull();
  });

  it('that are stopped by themselves too go on waiting', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    gate.stop({ commandId: 'c-2', ...ANN, orderId: 'b' }, NOON);
    for (const order of ['a', 'b']) gate.reserve(asks(order, 1), NOON);
    gate.go({ commandId: 'c-3', ...ANN }, NOON);
    expect(gate.takeWaking(9)?.orders).toEqual([at('a')]);
    gate.go({ commandId: 'c-4', ...ANN, orderId: 'b' }, NOON);
    expect(gate.takeWaking(9)?.orders).toEqual([at('b')]);
  });

  it('beyond 2,000 are counted, and whoever says go is told', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    for (let n = 0; n < 2003; n += 1) gate.reserve(asks(`o-${n}`, 1), NOON);
    expect(gate.snapshot(NOON)).toMatchObject({ unlisted: 3 });
    expect(gate.go({ commandId: 'c-2', ...ANN }, NOON).says).toContain('3 refusal(s) found no room');
    expect(gate.snapshot(NOON)).toMatchObject({ unlisted: 0, waiting: [] });
  });
});

describe('a gate that goes on from its snapshot', () => {
  it('knows all that it knew', () => {
    const gate = book();
    gate.reserve(asks('a', 900), NOON);
    gate.stop({ commandId: 'c-1', ...ANN, orderId: 'x' }, NOON);
    gate.reserve(asks('x', 1), NOON);
    gate.reserve(asks('b', 200), NOON);
    gate.stop({ commandId: 'c-2', ...ANN, orderId: 'y' }, NOON);
    gate.go({ commandId: 'c-3', ...ANN, orderId: 'x' }, NOON);
    const snapshot = gate.snapshot(NOON + 1);
    expect(new GateBook(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot).snapshot(NOON + 1)).toEqual(snapshot);
    expect(snapshot).toMatchObject({ window: [{ minor: 900 }], stops: [{ by: 'cap' }, { orderId: 'y' }], commands: ['c-1', 'c-2', 'c-3'] });
  });

  it('carries under half a megabyte when everything is full', () => {
    const gate = book();
    for (let n = 0; n < 1500; n += 1)
      gate.reserve(asks(`a01-1234567-${n}`, 1, 1e9, `amzn1.bp.product-1234567890/a01-1234567-${n}/refund-${n}#RF/1`), NOON + n);
    gate.stop({ commandId: 'c-1', ...ANN }, NOON);
    for (let n = 0; n < 2500; n += 1) gate.reserve(asks(`a01-1234567-${n}`, 1), NOON + n);
    expect(JSON.stringify(gate.snapshot(NOON)).length).toBeLessThan(500_000);
  });
});

describe('what an operator reads', () => {
  it('says what is stopped, since when, by whom, why, and how to go on', () => {
    const gate = book();
    gate.stop({ commandId: 'c-1', ...ANN, orderId: 'a b' }, NOON);
    gate.reserve(asks('a b', 1), NOON);
    const details = gateDetails(gate.snapshot(NOON));
    expect(details).toContain(
      '- Payouts of order a b of business product bp-1 are stopped since 2026-03-02T12:00:00.000Z by ann: a wrong price list. ' +
        "To go on: `saga money go --product bp-1 --order 'a b' --actor <you> --reason <why>`",
    );
    expect(details).toContain('1 order(s) wait: a b');
  });
});
