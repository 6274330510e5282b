import { z } from 'zod';
import { lineId, returnId } from '../../domain/ids.ts';
import type { BwpReturn, ReturnedLine, ReturnPackage } from '../../domain/order.ts';
import { into, optionalList, optionalText, wholeUnits } from '../wire-values.ts';

const alias = z.object({ aliasType: z.string(), aliasId: z.string() });

const returnPackage = z
  .object({
    id: z.string().min(1),
    state: z.string().min(1),
    reason: optionalText,
    packageTracker: z
      .object({
        packageTrackerIdentifier: z.object({ trackingNumber: optionalText, carrierCode: optionalText }).nullish(),
        trackingUrl: optionalText,
      })
      .nullish(),
  })
  .transform(
    ({ id, state, reason, packageTracker }): ReturnPackage => ({
      id,
      state,
      reason,
      tracking:
        packageTracker == null
          ? null
          : {
              carrier: packageTracker.packageTrackerIdentifier?.carrierCode ?? null,
              number: packageTracker.packageTrackerIdentifier?.trackingNumber ?? null,
              url: packageTracker.trackingUrl,
            },
    }),
  );

const unitsOfLine = z
  .object({ lineItem: z.object({ id: into(z.string(), lineId) }), amount: wholeUnits })
  .transform(({ lineItem, amount }) => ({ lineId: lineItem.id, units: amount }));

const graded = z.object({ condition: z.string().min(1), amount: wholeUnits }).transform(({ condition, amount }) => ({ condition, units: amount }));

const returnLine = z
  .object({
    orderLineItem: unitsOfLine.nullish(),
    returnFor: z.object({ orderLineItems: optionalList(unitsOfLine) }).nullish(),
    grading: z.object({ summary: z.object({ unitWiseCondition: optionalList(graded) }).nullish() }).nullish(),
  })
  .transform(({ orderLineItem, returnFor, grading }): readonly ReturnedLine[] => {
    const units = orderLineItem == null ? (returnFor?.orderLineItems ?? []) : [orderLineItem];
    // Gradings name no order line: they belong to the return line, which has one.
    return units.map((line, index) => ({ ...line, graded: index === 0 ? (grading?.summary?.unitWiseCondition ?? []) : [] }));
  });

const reason = z
  .object({ reasonCode: optionalText, description: z.object({ value: optionalText }).nullish(), comments: optionalText })
  .nullish()
  .transform((wire) => (wire == null ? null : { code: wire.reasonCode, text: wire.description?.value ?? null, comment: wire.comments }));

const named = {
  id: into(z.string(), returnId),
  state: z
    .string()
    .nullish()
    .transform((state) => state || 'UNKNOWN'),
  aliases: optionalList(alias),
  createdAt: optionalText,
};
const wholeReturn = z.object({
  ...named,
  returnReasonTerm: reason,
  returnPackageDetails: optionalList(returnPackage),
  returnLineItems: optionalList(returnLine),
  returnFor: z.object({ orderLineItems: optionalList(unitsOfLine) }).nullish(),
});
/** Nobody acts on it, so whatever it lacks must not make the order unreadable. */
const unfinishedReturn = z.object({
  ...named,
  returnReasonTerm: reason.catch(null),
  returnPackageDetails: optionalList(returnPackage).catch([]),
  returnLineItems: optionalList(returnLine).catch([]),
  returnFor: z
    .object({ orderLineItems: optionalList(unitsOfLine) })
    .nullish()
    .catch(null),
});

/**
 * An entry of `returns.details`. One that is only being negotiated (DRAFT) may lack about everything. Lines come from the return's own
 * lines, which carry the grading; where it has none yet, from what it is said to be for.
 */
export const returnAnswer = z.union([unfinishedReturn.extend({ state: z.string().regex(/^draft$/i) }), wholeReturn]).transform((wire): BwpReturn => {
  const { returnReasonTerm, returnPackageDetails, returnLineItems, returnFor, ...rest } = wire;
  const lines = returnLineItems.flat();
  return {
    ...rest,
    reason: returnReasonTerm,
    packages: returnPackageDetails,
    lines: summed(lines.length > 0 ? lines : (returnFor?.orderLineItems ?? []).map((line) => ({ ...line, graded: [] }))),
  };
});

/** Each order line once: a line in two packages is two return lines. */
function summed(lines: readonly ReturnedLine[]): readonly ReturnedLine[] {
  const byLine = new Map<string, ReturnedLine>();
  for (const line of lines) {
    const known = byLine.get(line.lineId);
    byLine.set(line.lineId, known === undefined ? { ...line, graded: summedGrades(line.graded) } : together(known, line));
  }
  return [...byLine.values()];
}

const together = (a: ReturnedLine, b: ReturnedLine): ReturnedLine => ({
  lineId: a.lineId,
  units: a.units + b.units,
  graded: summedGrades([...a.graded, ...b.graded]),
});

/** Conditions in upper case: pages differ in their spelling, and case says nothing (domain.md 0). */
function summedGrades(graded: ReturnedLine['graded']): ReturnedLine['graded'] {
  const units = new Map<string, number>();
  for (const { condition, units: more } of graded) units.set(condition.toUpperCase(), (units.get(condition.toUpperCase()) ?? 0) + more);
  return [...units].map(([condition, sum]) => ({ condition, units: sum }));
}
