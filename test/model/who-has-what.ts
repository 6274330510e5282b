import type { Verdicts } from './decisions.ts';
import type { Model } from './model.ts';
import { lineNumber } from './oms-side.ts';
import type { Entry, Shown, World } from './world.ts';

/** Refunds that Amazon paid, as BwP shows them. */
export const byAmazon = ({ state, byUs }: Shown): boolean => !byUs && (state === 'SUCCESS' || state === 'PARTIAL');

/** Neither failed nor voided. */
export const counts = ({ state }: Entry): boolean => state !== 'FAILED' && state !== 'VOIDED';

/** Whether a person has said how a payment stands: it is nobody's claim any more. */
export const isSpokenFor = ({ pools }: Model, { rest }: World, key: string): boolean =>
  rest.value.resolutions.some((n) => pools.resolutions.at(n).value.key === key);

/** Keys of what persons found to be with the shopper, whatever the OMS says. */
export const foundPaid = ({ pools }: Model, resolutions: readonly number[]): string[] =>
  resolutions
    .map((n) => pools.resolutions.at(n).value)
    .filter(({ outcome }) => outcome === 'paid' || outcome === 'paid_elsewhere')
    .map(({ key }) => key);

/** Units of a line that nobody has, may have, or is known by a person to have. */
export function freeUnits(model: Model, world: World, line: number): number {
  const { pools } = model;
  const paidKeys = foundPaid(model, world.rest.value.resolutions);
  const found = world.rest.value.found
    .map((n) => pools.payments.at(n).value)
    .filter(({ key }) => !world.oms.value.some((entry) => entry.key === key));
  const booked = world.oms.value.filter(({ source }) => source === 'AMAZON').map(({ refund }) => refund);
  const shown = world.bwp.value.filter((refund) => byAmazon(refund) && !booked.includes(refund.id));
  const parts = [
    ...world.oms.value
      .filter((entry) => counts(entry) || isDoubtful(model, world, entry) || paidKeys.includes(entry.key))
      .flatMap(({ lines }) => lines),
    ...found.flatMap(({ amount }) => amount.lines.map(({ lineId, units }) => ({ line: lineNumber(lineId), units }))),
    ...shown.flatMap(({ lines }) => lines.map(([at, units]) => ({ line: at, units }))),
  ];
  return (model.worths[line]?.units ?? 0) - parts.filter((part) => part.line === line).reduce((sum, { units }) => sum + (units ?? 0), 0);
}

/** Units that open refunds ask for and do not hold yet (C14). */
export function reservedUnits({ bwp, oms }: World, { refunds }: Verdicts, line: number): number {
  const retried = refunds.filter(({ kind }) => kind === 'hold' || kind === 'needs_approval' || kind === 'await_return').map(({ refund }) => refund);
  const open = bwp.value.filter(({ id, state }) => state === 'PENDING' || state === 'PARTIAL' || (state === 'FAILURE' && retried.includes(id)));
  return open.reduce((sum, { id, lines }) => {
    const asked = lines.filter(([at]) => at === line).reduce((all, [, units]) => all + (units ?? 0), 0);
    return (
      sum +
      Math.max(
        asked -
          unitsOn(
            oms.value.filter((entry) => entry.refund === id && counts(entry)),
            line,
          ),
        0,
      )
    );
  }, 0);
}

/** Ended in the OMS, while BwP shows that it worked: nobody knows who has the units until a person said so (C16). */
export function isDoubtful(model: Model, world: World, { key, external }: Entry): boolean {
  const told = world.bwp.value.some(
    ({ state, alias }) => (state === 'SUCCESS' || state === 'PARTIAL') && (alias === key || (external !== null && alias === external)),
  );
  return told && !isSpokenFor(model, world, key);
}

/** Units of a line in entries. */
export const unitsOn = (entries: readonly Entry[], line: number): number =>
  entries
    .flatMap((entry) => entry.lines)
    .filter((part) => part.line === line)
    .reduce((sum, { units }) => sum + (units ?? 0), 0);
