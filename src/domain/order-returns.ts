import { decideReturn } from './bwp-return.ts';
import { decideExternalReturn } from './external-return.ts';
import type { OrderCase } from './refund-case.ts';
import type { ExternalReturnDecision, ReturnDecision } from './return-decision.ts';
import { returnedUnits, standsFor } from './return-units.ts';

/** What is due on the returns of an order, each side's. No money decision depends on it, nor does it depend on one. */
export function decideReturns(given: Pick<OrderCase, 'facts' | 'policy' | 'known'>): {
  readonly returns: readonly ReturnDecision[];
  readonly externalReturns: readonly ExternalReturnDecision[];
} {
  const { facts, policy } = given;
  const external = firstById(facts.returns?.external ?? []);
  const shown = firstById(facts.bwp.returns);
  const opened = shown.filter((returned) => !external.some((each) => standsFor(returned, each, policy)));
  const units = returnedUnits(facts, opened);
  return {
    returns: opened.filter(({ state }) => state.toUpperCase() !== 'DRAFT').map((returned) => decideReturn(given, returned)),
    externalReturns: external.map((each) =>
      decideExternalReturn({ ...given, units }, each, shown.find((returned) => standsFor(returned, each, policy)) ?? null),
    ),
  };
}

/** An id that stands twice is decided once, by the first in canonical order: no two answers to one question. */
const firstById = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.filter(({ id }, index) => items.findIndex((each) => each.id === id) === index);
