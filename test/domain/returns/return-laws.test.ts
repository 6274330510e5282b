import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../../src/domain/decide.ts';
import { returnId } from '../../../src/domain/ids.ts';
import type { BwpReturn } from '../../../src/domain/order.ts';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { type ExternalReturnDecision, isExternalReturnDue, isReturnDue, type ReturnDecision } from '../../../src/domain/return-decision.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../../support/laws.ts';
import { permuted } from '../any-facts.ts';
import { anyReturns } from './any-returns.ts';

const law = (title: string, check: () => void): void => it(title, check, LAW_TIMEOUT_MS);

/** The OMS holds what it was told. */
function afterTelling(facts: OrderFacts, { returnId: id, tell }: ReturnDecision): OrderFacts {
  if (tell === null || facts.returns === null) return facts;
  const others = facts.returns.told.filter(({ picture }) => picture.id !== id);
  return { ...facts, returns: { ...facts.returns, told: [...others, tell] } };
}

/** As `updateOrder` has it: an add has a new id, aliases replace all that were there, null leaves things as they are. */
function afterWriting(facts: OrderFacts, decision: ExternalReturnDecision): OrderFacts {
  const shown = (returns: readonly BwpReturn[]): OrderFacts => ({ ...facts, bwp: { ...facts.bwp, returns } });
  const { returns } = facts.bwp;
  if (decision.kind === 'add') {
    const { state, aliases } = decision;
    const lines = decision.lines.map((line) => ({ ...line, graded: [] }));
    const id = returnId(`added-${decision.externalReturnId}`);
    return shown([...returns, { id, state, aliases, createdAt: '2025-03-07T00:00:00Z', reason: null, packages: [], lines }]);
  }
  if (decision.kind !== 'update') return facts;
  return shown(
    returns.map((each) =>
      each.id === decision.returnId ? { ...each, state: decision.state ?? each.state, aliases: decision.aliases ?? each.aliases } : each,
    ),
  );
}

describe('decisions on returns', () => {
  law('do not depend on the order of any list of the facts, those of the OMS included', () => {
    const twice = anyReturns.chain(({ facts, policy }) => fc.tuple(fc.constant(facts), permuted(facts), fc.constant(policy)));
    fc.assert(
      fc.property(twice, ([facts, others, policy]) => {
        expect(decide(others, policy)).toStrictEqual(decide(facts, policy));
      }),
      RUNS,
    );
  });

  law('take no part in any decision on money: with and without the returns of the OMS it is the same', () => {
    fc.assert(
      fc.property(anyReturns, ({ facts, policy }) => {
        const { refunds, entries } = decide(facts, policy);
        const without = decide({ ...facts, returns: null }, policy);
        expect([without.refunds, without.entries]).toStrictEqual([refunds, entries]);
        expect(without.returns.every(({ tell }) => tell === null)).toBe(true);
        expect(without.externalReturns).toEqual([]);
      }),
      RUNS,
    );
  });

  law('come back unchanged through JSON, one for each return of the OMS and at most one for each of Buy with Prime, each explained', () => {
    fc.assert(
      fc.property(anyReturns, ({ facts, policy }) => {
        const { returns, externalReturns } = decide(facts, policy);
        expect(JSON.parse(JSON.stringify({ returns, externalReturns }))).toStrictEqual({ returns, externalReturns });
        const ids = new Set(facts.bwp.returns.map(({ id }) => id));
        expect(returns.every((each) => ids.delete(each.returnId))).toBe(true);
        expect(externalReturns.map((each) => each.externalReturnId).sort()).toEqual((facts.returns?.external ?? []).map(({ id }) => id).sort());
        for (const { because } of [...returns, ...externalReturns]) for (const { text } of because) expect(text).toMatch(/\.$|: .+$/);
      }),
      RUNS,
    );
  });

  law('are done once: after each took effect nothing is left to tell either side', () => {
    fc.assert(
      fc.property(anyReturns, ({ facts, policy }) => {
        const first = decide(facts, policy);
        const written = first.externalReturns.reduce(afterWriting, facts);
        const second = decide(written, policy);
        // A write may make a return count that was behind another; what was written is never written again.
        for (const each of first.externalReturns.filter(isExternalReturnDue)) {
          const again = second.externalReturns.find(({ externalReturnId }) => externalReturnId === each.externalReturnId);
          if (each.kind !== 'manual' && each.kind !== 'linked') expect(again?.kind).not.toBe(each.kind);
        }
        const rested = second.returns.reduce(afterTelling, written);
        for (const each of decide(rested, policy).returns) {
          expect(each.tell).toBeNull();
          expect(isReturnDue(each)).toBe(each.kind !== 'settled');
        }
      }),
      RUNS,
    );
  });

  law('never have more units come back than were ordered by adding a return, nor write to one that Buy with Prime opened', () => {
    fc.assert(
      fc.property(anyReturns, ({ facts, policy }) => {
        const { externalReturns, returns } = decide(facts, policy);
        const opened = new Set(returns.map((each) => each.returnId));
        const after = externalReturns.reduce(afterWriting, facts);
        for (const each of externalReturns) {
          if (each.kind === 'update') expect(opened.has(each.returnId)).toBe(false);
          if (each.kind === 'linked') expect(opened.has(each.returnId)).toBe(true);
          if (each.kind !== 'add') continue;
          for (const { lineId } of each.lines) {
            const back = after.bwp.returns
              .filter(({ state }) => !['DRAFT', 'CANCELLED'].includes(state))
              .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId));
            const ordered = facts.bwp.lines.find(({ id }) => id === lineId)?.quantity ?? 0;
            expect(back.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(ordered);
          }
        }
      }),
      RUNS,
    );
  });
});
