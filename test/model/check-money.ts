import { type Held, heldBy, heldByAmazon, usage, whole } from './arithmetic.ts';
import type { Snapshot, Verdicts } from './decisions.ts';
import { isOurKey } from './facts.ts';
import { Broken, type Model } from './model.ts';
import { lineNumber } from './oms-side.ts';
import { byAmazon, foundPaid } from './who-has-what.ts';
import type { Call, Entry, Pools, Shown, World } from './world.ts';

type Side = {
  readonly ledger: readonly Entry[];
  /** What Amazon paid by itself. */
  readonly amazon: readonly Shown[];
  /** Numbers of what persons had found out. */
  readonly resolutions: readonly number[];
  /** Numbers of the payments that these were about. */
  readonly payments: readonly number[];
  /** The key of the call that is about to be taken. */
  readonly taking: string;
};

/** Everything that counts: the ledger, what Amazon paid as far as the ledger does not show it, and what persons found to be paid. */
function allHeld(model: Model, { ledger, amazon, resolutions, payments, taking }: Side): Held[] {
  const { pools, prices } = model;
  const booked = amazon.map(({ id }) => id);
  const paidKeys = foundPaid(model, resolutions);
  const shown = [...ledger.map(({ key }) => key), taking];
  const found = payments.filter((n) => {
    const { key } = pools.payments.at(n).value;
    return paidKeys.includes(key) && !shown.includes(key);
  });
  return [
    ...ledger
      .filter(({ source, refund }) => source !== 'AMAZON' || !booked.includes(refund ?? ''))
      .map((entry) =>
        paidKeys.includes(entry.key) ? { ...heldBy({ ...entry, state: 'SUCCEEDED', paid: entry.total }), ended: entry.ended } : heldBy(entry),
      ),
    ...amazon.map((refund) => heldByAmazon(refund, prices)),
    ...found.map((n) => ({ ...offered(pools, n), final: true })),
  ];
}

/** What `more` brings, or leaves, beyond the order as far as it adds to it; null when nothing is. */
function excess({ worths, captured }: Model, all: readonly Held[], more: Held): string | null {
  const used = usage([...all, more], worths);
  if (more.minor > 0 && used.order > captured) return `${used.order} of ${captured} captured for the order`;
  for (const [line, worth] of worths.entries()) {
    const { minor = 0, units = 0 } = used.lines[line] ?? {};
    const own = more.parts.filter((part) => part.line === line);
    if (minor > whole(worth) && own.some((part) => part.minor > 0)) return `${minor} of ${whole(worth)} for line ${line + 1}`;
    if (units > worth.units && own.some((part) => (part.units ?? 0) > 0)) return `${units} of ${worth.units} units of line ${line + 1}`;
  }
  return null;
}

/**
 * G1, G2 and G6 at the instant the OMS takes a money call. What Amazon paid counts from when BwP showed it to our last read; what it paid
 * after that is the residue that money.md 6 accepts, and is counted.
 */
export function checkAccepted(
  model: Model,
  world: World,
  given: { readonly id: string; readonly call: Call; readonly ledger: readonly Entry[] },
): void {
  const { id, call, ledger } = given;
  const { payment } = call;
  const live = ledger.filter(({ source, refund, state }) => source === 'BWP' && refund === id && state !== 'FAILED' && state !== 'VOIDED');
  if (live.length > 1) throw new Broken('G2', `${id} has ${live.length} live payments: ${live.map(({ key }) => key).join(', ')}`);

  const now = world.bwp.value.filter(byAmazon);
  const seen = model.pools.bwp
    .at(call.bwp)
    .value.filter(byAmazon)
    .map((shown) => shown.id);
  const known = now.filter((shown) => seen.includes(shown.id));
  const entry = ledger.at(-1);
  if (entry !== undefined && entry.state !== 'FAILED') {
    const over = excess(
      model,
      allHeld(model, {
        ledger: world.oms.value,
        amazon: known,
        resolutions: call.said.resolutions,
        payments: world.rest.value.found,
        taking: entry.key,
      }),
      heldBy(entry),
    );
    if (over !== null) throw new Broken('G1', `the OMS takes a money call of ours for ${id}, and that makes ${over}`);
    checkShares(model, ledger);
    if (now.length > known.length) model.residue += 1;
  }

  const key = `${id}|${call.bwp}|${call.ledger}|${call.said.answers.join()}|${call.said.resolutions.join()}`;
  const other = model.accepted.get(key);
  if (other !== undefined && other !== payment) {
    throw new Broken('G6', `${id} is paid differently on the same facts: ${amountText(model, other)} or ${amountText(model, payment)}`);
  }
  model.accepted.set(key, payment);
}

/** Our payments give back no more of a captured payment than was captured with it. */
function checkShares({ scenario }: Model, ledger: readonly Entry[]): void {
  const shares = ledger.filter(({ state }) => state !== 'FAILED' && state !== 'VOIDED').flatMap((entry) => entry.shares);
  for (const [index, captured] of scenario.payments.entries()) {
    const given = shares.filter(([payment]) => payment === `payment-${index + 1}`).reduce((sum, [, minor]) => sum + minor, 0);
    if (given > captured) throw new Broken('G1', `${given} of payment ${index + 1} are given back, ${captured} were captured with it`);
  }
}

/** G3: no second money call while one is out. */
export function checkSent(world: World, id: string): void {
  const other = world.sagas.value.refunds.find(([name, { call }]) => name !== id && call?.sent === true);
  if (other !== undefined) throw new Broken('G3', `${id} sends a money call while that of ${other[0]} is out`);
}

/**
 * What is offered fits beside everything that was read, claims included: each payment in money, all of them together in units. And nobody
 * is asked for more than a person approved, nor answered for good while the money call of the same refund is out.
 */
export function checkOffers(model: Model, snapshot: Snapshot, { refunds, entries }: Verdicts): void {
  const { pools } = model;
  const ledger = pools.oms.at(snapshot.ledger).value;
  const shown = pools.bwp.at(snapshot.bwp).value;
  const silent = [...refunds, ...entries].find(({ because }) => because === '');
  if (silent !== undefined) throw new Broken('because', `a decision (${silent.kind}) has no reason`);
  const missing = shown.find(({ id }) => refunds.filter(({ refund }) => refund === id).length !== 1);
  if (missing !== undefined) throw new Broken('because', `${missing.id} has not exactly one decision`);

  const notSaid = snapshot.claims.filter((n) => !ledger.some(({ key }) => key === pools.payments.at(n).value.key));
  const held = [
    ...allHeld(model, { ledger, amazon: shown.filter(byAmazon), resolutions: snapshot.resolutions, payments: snapshot.found, taking: '' }),
    ...notSaid.map((n) => offered(pools, n)),
  ];
  const offers = refunds.flatMap(({ refund, payment }) => (payment === null ? [] : [{ refund, payment }]));
  for (const { refund, payment } of offers) {
    const over = excess(model, held, offered(pools, payment));
    if (over !== null) throw new Broken('offer', `${refund} is offered ${amountText(model, payment)}, which makes ${over}`);
    checkApproved(model, snapshot, payment);
    const { key } = pools.payments.at(payment).value;
    const before = ledger.find((entry) => entry.source === 'BWP' && entry.refund === refund && entry.state !== 'FAILED' && entry.state !== 'VOIDED');
    if (before !== undefined) throw new Broken('G2', `${refund} is offered ${key} while ${before.key} is ${before.state}`);
  }
  const inUnits = usage([...held, ...offers.map(({ payment }) => offered(pools, payment))], model.worths).lines;
  for (const [line, { units }] of model.worths.entries()) {
    if (offers.length > 1 && (inUnits[line]?.units ?? 0) > units)
      throw new Broken('offer', `unit ${units + 1} of line ${line + 1} is offered to two refunds at once`);
  }
  const saidPaid = foundPaid(model, snapshot.resolutions);
  for (const { refund, kind } of refunds) {
    const asks = shown.find(({ id }) => id === refund);
    if (kind === 'already_refunded' && asks !== undefined && !saidPaid.some((key) => isOurKey(refund, key))) checkFinal(model, asks, held);
  }
  const adopted = refunds.flatMap(({ kind, action }) => (kind === 'adopt' && action !== null ? [action] : []));
  if (new Set(adopted).size < adopted.length) throw new Broken('adopt', 'one external refund stands for two refunds');
  for (const { refund, kind } of refunds) {
    const final = ['adopt', 'already_refunded', 'nothing_due', 'record', 'settled'].includes(kind);
    const out = notSaid.some((n) => pools.payments.at(n).value.refundId === refund);
    if (final && out) throw new Broken('claim', `${refund} is answered (${kind}) while its money call is out`);
  }
}

/** Nothing is left of what was asked for, counting only what can change no more (money.md 6: final answers rest on final entries). */
function checkFinal({ worths, captured }: Model, { id, lines }: Shown, held: readonly Held[]): void {
  const used = usage(held, worths, ({ counts, final }) => counts && final);
  if (used.order >= captured) return;
  for (const [line] of lines) {
    const { units = 0, minor = 0 } = used.lines[line] ?? {};
    const worth = worths[line];
    if (worth !== undefined && units < worth.units && minor < whole(worth)) {
      throw new Broken(
        'final',
        `${id} is answered as refunded before, although of line ${line + 1} that is final for ${units} of ${worth.units} units only`,
      );
    }
  }
}

/** Above the policy's limit a payment needs an approval that nobody withdrew, of at least as much. */
function checkApproved({ pools, scenario }: Model, { answers }: Snapshot, payment: number): void {
  const limit = scenario.policy.approval?.onePersonAbove['USD'];
  const { amount, refundId } = pools.payments.at(payment).value;
  if (limit === undefined || amount.total <= limit) return;
  const own = answers.map((n) => pools.answers.at(n).value).filter((answer) => answer.refundId === refundId);
  const standing = own.slice(own.findLastIndex(({ kind }) => kind === 'withdraw') + 1);
  const most = Math.max(0, ...standing.map((answer) => (answer.kind === 'approve' ? (answer.amount ?? answer.shown.total) : 0)));
  if (amount.total > most) throw new Broken('approval', `${refundId} is offered ${amount.total}, approved were ${most}`);
}

function offered(pools: Pools, payment: number): Held {
  const { key, amount } = pools.payments.at(payment).value;
  const parts = amount.lines.map((line) => ({ line: lineNumber(line.lineId), units: line.units, minor: line.amount }));
  return { key, at: '9999', ended: null, counts: true, final: false, minor: amount.total, parts };
}

function amountText({ pools }: Model, payment: number): string {
  const { amount } = pools.payments.at(payment).value;
  return `${amount.total} (${amount.lines.map(({ lineId, units }) => `${units} of ${lineId}`).join(', ')})`;
}
