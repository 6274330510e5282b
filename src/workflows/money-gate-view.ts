import type { GateOf, GateState, Stop } from '../contracts/money-gate.ts';
import type { OrderId } from '../domain/ids.ts';
import { moneyText } from '../domain/money.ts';
import { MoneyWindow } from './money-window.ts';

const SHOWN = 20;

/** What a stop is about, for a person. */
export function gateName({ product }: GateOf, orderId: OrderId | null): string {
  const all = product === null ? 'the whole deployment' : `business product ${product}`;
  return orderId === null ? all : `order ${orderId} of ${all}`;
}

export const stopText = (of: GateOf, { orderId, by, actor, reason, at }: Stop): string =>
  by === 'cap'
    ? `Payouts of ${gateName(of, orderId)} are stopped since ${iso(at)}: the cap on money per hour was reached. ${sentence(reason)}`
    : `Payouts of ${gateName(of, orderId)} are stopped since ${iso(at)} by ${actor}: ${sentence(reason)}`;

/** What the Web UI shows of a gate, as Markdown. */
export function gateDetails(state: GateState): string {
  const { product, stops, waiting, unlisted, waking } = state;
  const title = stops.length === 0 ? '**GO**: payouts are made.' : '**STOPPED**: no payouts; events go on being taken in.';
  const lines = [title, ''];
  for (const stop of stops.slice(0, SHOWN)) lines.push(`- ${stopText(state, stop)} To go on: \`${goCommand(state, stop)}\``);
  if (stops.length > SHOWN) lines.push(`- and ${stops.length - SHOWN} more`);
  if (stops.length > 0)
    lines.push(
      '',
      'Or from here: update `go` with {"commandId":"<new id>","actor":"<you>","reason":"<why>"}, for one order with "orderId" as well.',
      '',
    );
  const waits = waiting.length + unlisted;
  if (waits > 0)
    lines.push(
      `${waits} order(s) wait: ${waiting
        .slice(0, SHOWN)
        .map(({ at }) => at.orderId)
        .join(', ')}${waits > SHOWN ? ', …' : ''}`,
      '',
    );
  const woken = waking.reduce((sum, { orders }) => sum + orders.length, 0);
  if (woken > 0) lines.push(`${woken} order(s) are about to be looked at again.`, '');
  if (product !== null) lines.push(`Let through within an hour, where the policy has a cap: ${hourText(state)}`);
  return lines.join('\n');
}

/** What counts towards the cap. */
function hourText({ window }: GateState): string {
  const totals = new MoneyWindow(window).totals();
  return totals.length === 0 ? 'nothing' : totals.map((total) => moneyText(total)).join(', ');
}

function goCommand({ product }: GateOf, { orderId }: Stop): string {
  const which = [...(product === null ? [] : [`--product ${word(product)}`]), ...(orderId === null ? [] : [`--order ${word(orderId)}`])];
  return ['saga money go', ...which, '--actor <you> --reason <why>'].join(' ');
}

const iso = (at: number): string => new Date(at).toISOString();
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** As a shell takes it. */
const word = (id: string): string => (/^[\w.:-]+$/.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`);
