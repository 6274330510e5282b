import { decimalFromMoney } from '../domain/money.ts';
import { type Amounts, CONDITIONS, type Deduction, type Policy } from '../domain/policy.ts';
import type { Path, PolicyDocument } from './policy-document.ts';
import type { PolicySettings, WrittenDeduction, WrittenLimits } from './policy-shape.ts';
import { amountOf, hundredths, minorUnits } from './policy-values.ts';

/** Settings of a file or of one business product in it, with the place where they stand. */
export type Layer = { readonly settings: PolicySettings; readonly path: Path; readonly document: PolicyDocument; readonly problems: string[] };

/**
 * The policy that a layer makes of the one below it. What it does not name stays; in `timing` and `deductions` it names single ones, in
 * amounts single currencies. What is wrong is added to the layer's problems, and the answer is then of no use.
 */
export function overPolicy(below: Policy, layer: Layer): Policy {
  const { deductions, approval, goodwillCap, payoutsPerHour, timing, estimateTolerancePercent, ...plain } = layer.settings;
  const over: Policy = {
    ...below,
    ...given(plain),
    deductions: { ...below.deductions, ...deductionsOf(deductions ?? {}, layer) },
    estimateTolerancePercent:
      estimateTolerancePercent === undefined ? below.estimateTolerancePercent : perCentAt(layer, ['estimateTolerancePercent']) / 100,
    approval: {
      onePersonAbove: overAmounts(below.approval.onePersonAbove, approval?.onePersonAbove, [layer, 'approval', 'onePersonAbove']),
      twoPeopleAbove: overAmounts(below.approval.twoPeopleAbove, approval?.twoPeopleAbove, [layer, 'approval', 'twoPeopleAbove']),
    },
    goodwillCap: overAmounts(below.goodwillCap, goodwillCap, [layer, 'goodwillCap']),
    payoutsPerHour: overAmounts(below.payoutsPerHour, payoutsPerHour, [layer, 'payoutsPerHour']),
    timing: { ...below.timing, ...given(timing ?? {}) },
  };
  checkLimits(over, layer);
  return over;
}

function overAmounts(below: Amounts, written: WrittenLimits | undefined, [layer, ...path]: readonly [Layer, ...string[]]): Amounts {
  const all: Record<string, number> = { ...below };
  for (const [currency, amount] of Object.entries(written ?? {})) {
    if (amount === 'none') delete all[currency];
    else all[currency] = amountAt(layer, path, currency);
  }
  return all;
}

function deductionsOf(written: NonNullable<PolicySettings['deductions']>, layer: Layer): Partial<Policy['deductions']> {
  return Object.fromEntries(
    CONDITIONS.flatMap((condition) => {
      const deduction = written[condition];
      return deduction === undefined ? [] : [[condition, deductionOf(deduction, layer, ['deductions', condition])]];
    }),
  );
}

function deductionOf(written: WrittenDeduction, layer: Layer, path: Path): Deduction {
  if (written === 'none') return { kind: 'share', basisPoints: 0 };
  const { perUnit } = written;
  if (perUnit === undefined) return { kind: 'share', basisPoints: perCentAt(layer, [...path, 'percent']) };
  const amounts = Object.keys(perUnit).map((currency) => [currency, amountAt(layer, [...path, 'perUnit'], currency)]);
  return { kind: 'per_unit', amounts: Object.fromEntries(amounts) };
}

function amountAt(layer: Layer, path: Path, currency: string): number {
  const full = [...layer.path, ...path, currency];
  const minor = minorUnits(layer.document.writtenAt(full), currency);
  if (minor === null) layer.problems.push(layer.document.problemAt(full, amountOf(currency)));
  return minor ?? 0;
}

/** In hundredths of a per cent. */
function perCentAt(layer: Layer, path: Path): number {
  const full = [...layer.path, ...path];
  const share = hundredths(layer.document.writtenAt(full));
  if (share === null) layer.problems.push(layer.document.problemAt(full, 'a number of per cent in decimal digits, with at most two after the point'));
  return share ?? 0;
}

/** Where two have to approve, one has to: said at the setting that this layer names, since the other may be inherited. */
function checkLimits({ approval: { onePersonAbove, twoPeopleAbove } }: Policy, { settings, path, document, problems }: Layer): void {
  for (const [currency, two] of Object.entries(twoPeopleAbove)) {
    const one = onePersonAbove[currency];
    if (one === undefined || one <= two) continue;
    const text = (minor: number): string => `"${decimalFromMoney({ minor, currency })}"`;
    if (settings.approval?.twoPeopleAbove?.[currency] !== undefined) {
      const expected = `no less than the ${text(one)} of approval.onePersonAbove.${currency}`;
      problems.push(document.problemAt([...path, 'approval', 'twoPeopleAbove', currency], expected));
    } else if (settings.approval?.onePersonAbove?.[currency] !== undefined) {
      const expected = `no more than the ${text(two)} of approval.twoPeopleAbove.${currency}, which is not set here`;
      problems.push(document.problemAt([...path, 'approval', 'onePersonAbove', currency], expected));
    }
  }
}

type Given<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> };

const given = <Values extends object>(values: Values): Given<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values>;
