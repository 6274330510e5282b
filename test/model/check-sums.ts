import { firstUnits, whole } from './arithmetic.ts';
import type { Verdicts } from './decisions.ts';
import { Broken, type Model } from './model.ts';
import { isFinal } from './oms-side.ts';
import { byAmazon, unitsOn } from './who-has-what.ts';
import type { World } from './world.ts';

/** More went out than there was: a person has both records, unless that was accepted. */
export function checkTold(model: Model, world: World, { refunds, entries }: Verdicts): void {
  const done = world.oms.value.filter(({ state }) => state === 'SUCCEEDED');
  const money = done.reduce((sum, { paid }) => sum + paid, 0);
  const lines = model.worths.map(({ units }, line) => unitsOn(done, line) - units);
  if (money <= model.captured && lines.every((over) => over <= 0)) return;
  if (world.rest.value.resolutions.some((n) => model.pools.resolutions.at(n).value.outcome === 'accepted')) return;
  const told = [...refunds, ...entries].some(({ kind, reason }) => kind === 'manual' && reason === 'OVER_REFUNDED');
  if (!told) throw new Broken('told', `${money} of ${model.captured} went out, too many units by ${lines.join(' and ')}, and no person is told`);
}

/** A payment of ours that has not reached the shopper does not wait beside a final refund of the same units from elsewhere (C8). */
export function checkVoids(model: Model, world: World): void {
  for (const entry of world.oms.value) {
    if (entry.source !== 'BWP' || entry.state !== 'PENDING') continue;
    const refused = world.sagas.value.refunds.some(([, saga]) => saga.refused.includes(entry.key));
    if (refused) continue;
    for (const { line } of entry.lines) {
      const elsewhere = world.oms.value.filter(({ source, state }) => source !== 'BWP' && state === 'SUCCEEDED');
      const over = unitsOn([...elsewhere, entry], line) > (model.worths[line]?.units ?? 0);
      if (over) throw new Broken('void', `${entry.key} waits to be paid, although its units were refunded elsewhere`);
    }
  }
}

/** Where all units of a line that are gone were refunded by us, the line gave what that many units are worth, to the cent. */
export function checkCents(model: Model, world: World): void {
  // One that has ended unpaid may have been counted while it was open, and a cent with it (money.md 6: k counts what is contested).
  if (world.rest.value.resolutions.length > 0) return;
  const live = world.oms.value;
  if (live.some(({ source, state }) => source !== 'BWP' || state !== 'SUCCEEDED') || world.bwp.value.some(byAmazon)) return;
  if (live.some(({ paid, lines }) => paid !== lines.reduce((sum, { minor }) => sum + minor, 0))) return;
  if (live.length > 0 && model.scenario.reversals.length > 0) return;
  for (const [line, worth] of model.worths.entries()) {
    const minor = live
      .flatMap(({ lines }) => lines)
      .filter((part) => part.line === line)
      .reduce((sum, part) => sum + part.minor, 0);
    const wanted = firstUnits(worth, unitsOn(live, line));
    if (minor !== wanted || minor > whole(worth)) throw new Broken('cents', `line ${line + 1}: ${minor} was paid, its units are worth ${wanted}`);
  }
}

/** G6: once all facts stand at the first look, and nothing is open in the OMS, one outcome of money is possible, on whatever path. */
export function checkOutcome(model: Model, world: World): void {
  const { start } = world.rest.value;
  if (start === null || world.oms.value.some((entry) => !isFinal(entry))) return;
  const outcome = world.oms.value
    .filter(({ source, state }) => source === 'BWP' && state === 'SUCCEEDED')
    .map(({ refund, paid, lines }) => `${refund} ${paid} for ${lines.map(({ line, units }) => `${units} of line ${line + 1}`).join(', ')}`)
    .sort()
    .join('; ');
  const other = model.outcomes.get(start);
  if (other !== undefined && other !== outcome) throw new Broken('G6', `the same facts end in "${outcome}" here and in "${other}" on another path`);
  model.outcomes.set(start, outcome);
}
