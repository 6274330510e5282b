import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import { type FrozenOrder, freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import { decimalFromMoney, moneyFromDecimal } from '../../src/domain/money.ts';
import { type CapturedOrder, type Components, type LedgerEntry, SPREAD_COMPONENTS } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { someFacts } from '../support/builders.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../support/laws.ts';
import { permuted } from './any-facts.ts';
import { scriptOn, storyOn } from './any-script.ts';
import { anyWorth, EVERYDAY, UP_TO_MAX } from './any-worth.ts';
import { afterPaying, afterRejecting, decisionOn, exact, payInTurn, request, tell, withRefund } from './in-turn.ts';

const anySize = fc.oneof(EVERYDAY, UP_TO_MAX);
const script = scriptOn(anyWorth(anySize));
const story = storyOn(anyWorth(anySize));

const entriesOf = ({ ledger }: OrderFacts): readonly LedgerEntry[] => ledger?.entries ?? [];
const everythingOf = ({ lines }: CapturedOrder) => lines.map(({ id, quantity }) => ({ lineId: id, units: quantity }));

function frozenOf(order: CapturedOrder): FrozenOrder {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  return frozen;
}

/** What went back in all, per line, per component of each line, and per payment. */
function paidOf(entries: readonly LedgerEntry[], order: CapturedOrder, components: readonly (keyof Components)[]) {
  const parts = entries.flatMap(({ lines }) => lines);
  const shares = entries.flatMap(({ payments }) => payments);
  return {
    total: exact(entries.map(({ paid }) => paid)),
    lines: order.lines.map(({ id }) => {
      const here = parts.filter(({ lineId }) => lineId === id);
      return [exact(here.map(({ amount }) => amount)), ...components.map((name) => exact(here.map((part) => part.components?.[name] ?? 0)))];
    }),
    payments: order.payments.map(({ id }) => exact(shares.filter(({ paymentId }) => paymentId === id).map(({ amount }) => amount))),
  };
}

/** The same of the order: the most that may go back. */
function worthOf(order: CapturedOrder, components: readonly (typeof SPREAD_COMPONENTS)[number][]): ReturnType<typeof paidOf> {
  const frozen = frozenOf(order);
  return {
    total: exact(order.payments.map(({ captured }) => captured)),
    lines: frozen.lines.map((each) => [BigInt(lineWorth(each, frozen.pricesIncludeTax)), ...components.map((name) => BigInt(each[name]))]),
    payments: order.payments.map(({ captured }) => BigInt(captured)),
  };
}

/** Tax inside the price only informs: units that are worth nothing do not go back for its sake. */
const countedIn = ({ pricesIncludeTax }: CapturedOrder) => (pricesIncludeTax ? (['item', 'shipping'] as const) : SPREAD_COMPONENTS);

const law = (title: string, property: () => void): void => it(title, property, LAW_TIMEOUT_MS);

describe('whatever is asked for, group by group', () => {
  law('parts sum to the whole for any grouping and order: each line, each component, each payment', () => {
    fc.assert(
      fc.property(script, (given) => {
        const entries = entriesOf(payInTurn(given));
        const counted = countedIn(given.order);
        expect(paidOf(entries, given.order, counted)).toEqual(worthOf(given.order, counted));
        for (const { total, lines, payments } of entries) {
          const sums = [lines, payments].map((parts) => exact(parts.map(({ amount }) => amount)));
          expect(sums).toEqual([BigInt(total), BigInt(total)]);
        }
      }),
      RUNS,
    );
  });

  law('refunding all units leaves exactly zero refundable', () => {
    fc.assert(
      fc.property(script, ({ order, policy, groups }) => {
        const facts = payInTurn({ order, policy, groups });
        expect(BigInt(order.total) - exact(entriesOf(facts).map(({ paid }) => paid))).toBe(0n);
        const again = [everythingOf(order), ...everythingOf(order).map(({ lineId }) => [{ lineId, units: 1 }])];
        for (const [index, units] of again.entries()) {
          const asked = request(order, groups.length + index, units, { requestReason: 'CANCELLED_ORDER' });
          expect(['already_refunded', 'nothing_due']).toContain(decisionOn(asked, withRefund(facts, asked), policy).kind);
        }
      }),
      RUNS,
    );
  });

  law('running twice on a snapshot that contains the first result gives nothing', () => {
    fc.assert(
      fc.property(script, ({ order, policy, groups }) => {
        let facts = someFacts({ captured: order, refunds: [] });
        for (const [index, group] of groups.entries()) {
          const asked = request(order, index, group);
          facts = withRefund(facts, asked);
          const decision = decisionOn(asked, facts, policy);
          if (decision.kind === 'pay') {
            const paid = afterPaying(facts, decision.payment);
            const granted = { ...facts, claims: [decision.payment] };
            const untold = { ...paid, bwp: facts.bwp };
            expect([granted, untold].map((seen) => decisionOn(asked, seen, policy).kind)).toEqual(['paying', 'follow']);
            facts = paid;
          } else {
            expect(decision.kind).toBe('nothing_due');
            facts = afterRejecting(facts, asked);
          }
          const { refunds, entries } = decide(facts, policy);
          expect([...new Set(refunds.map(({ kind }) => kind)), ...entries]).toEqual(['settled']);
        }
      }),
      RUNS,
    );
  });
});

describe('with fees, shipping for some, part captures and refunds from elsewhere in between', () => {
  law('every prefix is at most what was captured, each line and component at most what it was sold for', () => {
    const above = (paid: readonly bigint[], worth: readonly bigint[]): boolean =>
      paid.some((minor, index) => minor < 0n || minor > (worth[index] ?? 0n));
    const keepsTooMuch = ({ item = 0, tax = 0, fee = 0, feeTax = 0 }: Components): boolean => item + fee < 0 || tax + feeTax < 0;
    fc.assert(
      fc.property(story, (given) => {
        const worth = worthOf(given.order, SPREAD_COMPONENTS);
        for (const facts of tell(given)) {
          const paid = paidOf(entriesOf(facts), given.order, SPREAD_COMPONENTS);
          expect(above([paid.total, ...paid.payments], [worth.total, ...worth.payments])).toBe(false);
          expect(paid.lines.findIndex((line, index) => above(line, worth.lines[index] ?? []))).toBe(-1);
          const parts = entriesOf(facts).flatMap(({ lines }) => lines);
          expect(parts.find(({ amount, components }) => amount < 0 || keepsTooMuch(components ?? {}))).toBeUndefined();
        }
      }),
      RUNS,
    );
  });

  law('permuting lines, payments or ledger entries changes nothing', () => {
    const twice = story.chain(({ order, policy, ...rest }) => {
      const told = [...tell({ order, policy, ...rest })].at(-1) ?? someFacts({ captured: order, refunds: [] });
      const facts = withRefund(told, request(order, 50, everythingOf(order), { requestReason: 'CANCELLED_ORDER' }));
      return fc.record({ facts: fc.constant(facts), others: permuted(facts), policy: fc.constant(policy) });
    });
    fc.assert(
      fc.property(twice, ({ facts, others, policy }) => {
        expect(decide(others, policy)).toEqual(decide(facts, policy));
      }),
      RUNS,
    );
  });

  law('0-, 2- and 3-decimal currencies are divided alike, and every amount comes back from its decimal text', () => {
    fc.assert(
      fc.property(story, (given) => {
        const [yen, dollars, dinars] = (
          [
            ['JPY', /^\d+$/],
            ['USD', /^\d+\.\d{2}$/],
            ['KWD', /^\d+\.\d{3}$/],
          ] as const
        ).map(([currency, decimals]) => {
          const told = [...tell({ ...given, order: { ...given.order, currency } })].at(-1);
          return (told === undefined ? [] : entriesOf(told)).map(({ total, lines, payments }) => {
            const amounts = [total, ...[...lines, ...payments].map(({ amount }) => amount)];
            const texts = amounts.map((minor) => decimalFromMoney({ minor, currency }));
            expect(texts.find((text) => !decimals.test(text))).toBeUndefined();
            expect(texts.map((text) => moneyFromDecimal(text, currency).minor)).toEqual(amounts);
            return { total, lines, payments };
          });
        });
        expect(yen).toEqual(dollars);
        expect(dinars).toEqual(dollars);
      }),
      RUNS,
    );
  });
});

describe('at the edge of what a number holds', () => {
  const MAX = Number.MAX_SAFE_INTEGER;

  law('amounts up to 2^53 - 1 stay whole and safe, and no unit of them is lost', () => {
    fc.assert(
      fc.property(scriptOn(anyWorth(fc.integer({ min: MAX - 1000, max: MAX }))), (given) => {
        const entries = entriesOf(payInTurn(given));
        const parts = entries.flatMap(({ lines }) => lines.flatMap(({ amount, components }) => [amount, ...Object.values(components ?? {})]));
        const shares = entries.flatMap(({ payments }) => payments.map(({ amount }) => amount));
        expect([...parts, ...shares].every((minor) => Number.isSafeInteger(minor) && minor >= 0)).toBe(true);
        expect(exact(entries.map(({ total }) => total))).toBe(BigInt(given.order.total));
      }),
      RUNS,
    );
  });
});
