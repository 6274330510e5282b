import type { GateState, Stop } from '../../../contracts/money-gate.ts';
import { moneyText } from '../../../domain/money.ts';
import { table } from '../table.ts';

/** Every gate with its stops, one row each, and how many orders wait. */
export function statusText(gates: readonly GateState[]): string {
  const rows = gates.flatMap((gate) => (gate.stops.length === 0 ? [goRow(gate)] : gate.stops.map((stop) => stopRow(gate, stop))));
  return `${table([['payouts of', 'are', 'since', 'by', 'why', 'orders waiting', 'within the hour'], ...rows])}\n`;
}

const goRow = (gate: GateState): string[] => [nameOf(gate), 'going', '-', '-', '-', String(waitingOf(gate)), hourOf(gate)];

const stopRow = (gate: GateState, { orderId, at, by, actor, reason }: Stop): string[] => [
  orderId === null ? nameOf(gate) : `${nameOf(gate)}, order ${orderId}`,
  'STOPPED',
  new Date(at).toISOString(),
  by === 'cap' ? 'the cap' : actor,
  reason,
  String(waitingOf(gate)),
  hourOf(gate),
];

const nameOf = ({ product }: GateState): string => (product === null ? 'the deployment' : `product ${product}`);
const waitingOf = ({ waiting, unlisted }: GateState): number => waiting.length + unlisted;

/** What counts towards the cap. */
function hourOf({ window }: GateState): string {
  const sums = new Map<string, number>();
  for (const { currency, minor, counts } of window) if (counts) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return sums.size === 0 ? '-' : [...sums].map(([currency, minor]) => moneyText({ minor, currency })).join(', ');
}
