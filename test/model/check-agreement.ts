import type { Verdicts } from './decisions.ts';
import { isOurKey } from './facts.ts';
import { Broken, type Model } from './model.ts';
import { isFinal } from './oms-side.ts';
import { byAmazon, counts, freeUnits, isDoubtful, reservedUnits } from './who-has-what.ts';
import type { Entry, Shown, World } from './world.ts';

/** An external refund that we told BwP of, and that both sides show alike, is nobody's to decide (C1). */
export function checkEcho(world: World, shown: Shown, kind: string): void {
  if (!shown.id.startsWith('M:') || kind === 'settled') return;
  const entry = world.oms.value.find(({ external }) => external === shown.alias);
  const alike =
    entry !== undefined &&
    ((entry.state === 'SUCCEEDED' && shown.state === 'SUCCESS' && entry.paid === shown.total) || (!isFinal(entry) && shown.state === 'PENDING'));
  if (alike) throw new Broken('echo', `${shown.id} is the record of ${entry.key}, and is taken for a refund of its own (${kind})`);
}

/** BwP and the OMS tell the same story, and no answer without money stands where money is owed. */
export function checkSettled(model: Model, world: World, { shown, verdicts }: { readonly shown: Shown; readonly verdicts: Verdicts }): void {
  if (isResolved(model, world, shown)) return;
  const own = world.oms.value.filter(({ source, refund }) => source === 'BWP' && refund === shown.id);
  const live = own.filter(({ state }) => state !== 'FAILED' && state !== 'VOIDED');
  const broken = (what: string): Broken => new Broken('agree', `${shown.id} counts as settled, yet ${what}`);
  switch (shown.state) {
    case 'SUCCESS': {
      if (byAmazon(shown)) {
        if (live.length > 0) throw broken(`Amazon paid it and ${live[0]?.key} is ${live[0]?.state}`);
        const booked = world.oms.value.find(({ source, refund }) => source === 'AMAZON' && refund === shown.id);
        if (booked?.paid !== shown.total) throw broken('the OMS has not booked what Amazon paid');
        return;
      }
      const entry = world.oms.value.find(({ key, external }) => key === shown.alias || external === shown.alias);
      if (
        entry?.source === 'EXTERNAL' &&
        !shown.id.startsWith('M:') &&
        unitsText(entry.lines.map(({ line, units }) => [line, units])) !== unitsText(shown.lines)
      ) {
        throw broken(`it stands for ${entry.key}, which is for other units`);
      }
      if (verdicts.entries.some(({ key, kind }) => key === entry?.key && kind === 'manual')) return;
      if (entry?.state !== 'SUCCEEDED' || entry.paid !== shown.total)
        throw broken(`BwP shows ${shown.total}, the OMS ${entry?.state} ${entry?.paid}`);
      if (isOurKey(shown.id, shown.alias)) checkPart(model, world, shown, entry);
      return;
    }
    case 'REJECTED':
    case 'FAILURE':
      if (live.length > 0) throw broken(`BwP shows ${shown.state}, the OMS ${live[0]?.state}`);
      if (shown.reason === 'REFUND_ALREADY_PROCESSED' && isWhollyFree(model, world, { shown, verdicts }))
        throw broken('all that it asked for is free again');
      return;
    case 'PARTIAL': {
      const booked = world.oms.value.find(({ source, refund }) => source === 'AMAZON' && refund === shown.id);
      if (byAmazon(shown) && booked?.paid === shown.total) return;
      throw broken('BwP shows PARTIAL');
    }
    default: {
      const mirrored = world.oms.value.find(({ external }) => external !== null && external === shown.alias);
      if (mirrored !== undefined && !isFinal(mirrored)) return;
      throw broken(`BwP shows ${shown.state}`);
    }
  }
}

const unitsText = (lines: Shown['lines']): string =>
  lines
    .map((line) => line.join())
    .sort()
    .join(' ');

/** A person said how it is: then it is so, whatever the two sides show. */
function isResolved({ pools }: Model, { rest, oms }: World, shown: Shown): boolean {
  const keys = rest.value.resolutions.map((n) => pools.resolutions.at(n).value.key);
  return (
    keys.some((key) => key === shown.id || isOurKey(shown.id, key)) ||
    oms.value.some(({ key, refund, external }) => keys.includes(key) && (refund === shown.id || external === shown.alias))
  );
}

/** Less was paid than asked for: then what is missing belongs to somebody else. */
function checkPart(model: Model, world: World, shown: Shown, entry: Entry): void {
  if (model.scenario.reversals.length > 0) return;
  for (const [line, asked] of shown.lines) {
    const covered = entry.lines.filter((part) => part.line === line).reduce((sum, { units }) => sum + (units ?? 0), 0);
    if ((asked ?? 0) > covered && freeUnits(model, world, line) > 0) {
      throw new Broken(
        'lost',
        `${shown.id} was paid for ${covered} of ${asked} units of line ${line + 1}, and ${freeUnits(model, world, line)} are nobody's`,
      );
    }
  }
}

/** Amounts without units may be for these units, and caps may leave nothing: then nobody can say that it is free. */
function isWhollyFree(model: Model, world: World, { shown: { lines }, verdicts }: { readonly shown: Shown; readonly verdicts: Verdicts }): boolean {
  const live = world.oms.value.filter(counts);
  if (live.some((entry) => entry.lines.length === 0 || entry.lines.some(({ units }) => units === null))) return false;
  // While something on the order is still to be found out, that comes first: it may be for these units.
  if (world.oms.value.some((entry) => !isFinal(entry) || isDoubtful(model, world, entry))) return false;
  return lines.length > 0 && lines.every(([line, units]) => freeUnits(model, world, line) - reservedUnits(world, verdicts, line) >= (units ?? 0));
}
