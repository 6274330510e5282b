import { decimalFromMoney } from '../../../domain/money.ts';
import type { Amounts, Deduction, Policy } from '../../../domain/policy.ts';

/** Values by name, as a policy file writes them; `absent` is what a name that is not there means, such as no limit. */
type Group = { readonly name: string; readonly absent: string; readonly values: Readonly<Record<string, string>> };

export type Difference = { readonly setting: string; readonly before: string; readonly after: string };

/** In which settings two policies differ, in the order of the policy's own fields. The version is none of them. */
export function differences(before: Policy, after: Policy): Difference[] {
  const others = new Map(groupsOf(after).map((group) => [group.name, group.values]));
  return groupsOf(before).flatMap(({ name, absent, values }) => {
    const other = others.get(name) ?? {};
    return [...new Set([...Object.keys(values), ...Object.keys(other)])]
      .map((key) => ({ setting: key === '' ? name : `${name}.${key}`, before: values[key] ?? absent, after: other[key] ?? absent }))
      .filter((each) => each.before !== each.after);
  });
}

/** Every field is looked at: one that comes to the policy has to be written down below. */
const groupsOf = ({ version: _, ...settings }: Policy): Group[] =>
  Object.keys(settings).flatMap((name) => groupOf(name as keyof typeof settings, settings));

function groupOf(name: keyof Omit<Policy, 'version'>, policy: Omit<Policy, 'version'>): Group[] {
  switch (name) {
    case 'rejectFrom':
    case 'shippingBackFor':
      return [{ name, absent: 'no', values: Object.fromEntries(policy[name].map((member) => [member, 'yes'])) }];
    case 'deductions':
      return [{ name, absent: 'none', values: mapped(policy.deductions, deductionText) }];
    case 'approval':
      return [amounts('approval.onePersonAbove', policy.approval.onePersonAbove), amounts('approval.twoPeopleAbove', policy.approval.twoPeopleAbove)];
    case 'goodwillCap':
    case 'payoutsPerHour':
      return [amounts(name, policy[name])];
    case 'timing':
      return [{ name, absent: 'none', values: mapped<number | readonly number[]>(policy.timing, waits) }];
    case 'refundAliasType':
    case 'returnAliasType':
    case 'payFrom':
    case 'payWhen':
    case 'estimateTolerancePercent':
    case 'tenderOrder':
    case 'nothingDue':
    case 'possibleDuplicate':
    case 'overlaps':
    case 'mirrorPending':
      return [{ name, absent: 'none', values: { '': String(policy[name] ?? 'none') } }];
  }
}

const mapped = <Value>(values: Readonly<Record<string, Value>>, write: (value: Value) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, write(value)]));

const amounts = (name: string, byCurrency: Amounts): Group => ({
  name,
  absent: 'none',
  values: Object.fromEntries(Object.entries(byCurrency).map(([currency, minor]) => [currency, decimalFromMoney({ minor, currency })])),
});

function deductionText(deduction: Deduction): string {
  if (deduction.kind === 'share') return deduction.basisPoints === 0 ? 'none' : `${deduction.basisPoints / 100} %`;
  const perUnit = Object.entries(deduction.amounts).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${perUnit.map(([currency, minor]) => `${decimalFromMoney({ minor, currency })} ${currency}`).join(', ')} per unit`;
}

const waits = (wait: number | readonly number[]): string => (typeof wait === 'number' ? [wait] : wait).map(duration).join(', ');

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

function duration(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds > 0 && milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / size} ${unit}`;
}
