import { whole } from './arithmetic.ts';
import { checkEcho, checkSettled } from './check-agreement.ts';
import { checkCents, checkOutcome, checkTold, checkVoids } from './check-sums.ts';
import { handedOutNow } from './coordinator-steps.ts';
import { type EntryVerdict, snapshotNow, type Verdict, type Verdicts } from './decisions.ts';
import { Broken, type Model } from './model.ts';
import { isFinal } from './oms-side.ts';
import { keyOf, type World } from './world.ts';

/** Nothing is under way, and a look that reads both sides as they are now changes nothing: then everything has to be in order. */
export function isQuiet(model: Model, world: World): boolean {
  const { look, unasked } = world.co.value;
  if (look !== null || unasked.length > 0) return false;
  return keyOf(handedOutNow(model, world)) === keyOf(world);
}

/** Every refund has ended in agreement or waits with a reason, no action is due any more, and what went wrong is with a person. */
export function checkQuiet(model: Model, world: World): void {
  model.quietStates += 1;
  const verdicts = model.decisions.on(snapshotNow(world));
  for (const verdict of verdicts.refunds) checkRefund(model, world, { verdict, verdicts });
  for (const verdict of verdicts.entries) checkEntry(model, world, { verdict, verdicts });
  checkTold(model, world, verdicts);
  checkVoids(model, world);
  checkCents(model, world);
  checkOutcome(model, world);
}

const DUE = ['pay', 'pay_part', 'adopt', 'already_refunded', 'nothing_due', 'denied', 'void', 'record', 'mirror', 'update_mirror', 'paying'];

function checkRefund(model: Model, world: World, given: { readonly verdict: Verdict; readonly verdicts: Verdicts }): void {
  const { verdict } = given;
  const shown = world.bwp.value.find(({ id }) => id === verdict.refund);
  if (shown === undefined) throw new Broken('quiet', `a decision on ${verdict.refund}, which BwP does not show`);
  if (DUE.includes(verdict.kind)) throw new Broken('quiet', `${shown.id}: ${verdict.kind} is due, and nobody does it`);
  const action = verdict.action === null ? null : model.pools.actions.at(verdict.action).value;
  if (action?.kind === 'follow' || action?.kind === 'declined') {
    const entry = world.oms.value.find(({ key }) => key === action.key);
    const told = action.kind === 'declined' && shown.state === 'FAILURE';
    if (entry === undefined || (isFinal(entry) && !told))
      throw new Broken('quiet', `${shown.id}: ${verdict.kind} goes on, although ${action.key} is ${entry?.state}`);
  }
  if (verdict.kind === 'hold' && !somethingOpen(model, world, { ...given.verdicts, but: shown.id }))
    throw new Broken('ends', `${shown.id} is held, and nothing is left that could end that`);
  checkEcho(world, shown, verdict.kind);
  if (verdict.kind === 'settled') checkSettled(model, world, { shown, verdicts: given.verdicts });
}

function checkEntry(model: Model, world: World, { verdict, verdicts }: { readonly verdict: EntryVerdict; readonly verdicts: Verdicts }): void {
  if (DUE.includes(verdict.kind)) throw new Broken('quiet', `${verdict.key}: ${verdict.kind} is due, and nobody does it`);
  if (verdict.kind === 'hold' && !somethingOpen(model, world, { ...verdicts, but: verdict.key }))
    throw new Broken('ends', `${verdict.key} is held, and nothing is left that could end that`);
}

/** An entry that is not final, another refund or entry that a person has, or a part that is still to be captured. */
function somethingOpen(model: Model, world: World, { refunds, entries, but }: Verdicts & { readonly but: string }): boolean {
  if (model.captured < model.worths.reduce((sum, worth) => sum + whole(worth), 0)) return true;
  if (world.oms.value.some((entry) => !isFinal(entry))) return true;
  const others = [...refunds.filter(({ refund }) => refund !== but), ...entries.filter(({ key }) => key !== but)];
  return others.some(({ kind }) => kind === 'manual' || kind === 'needs_approval' || kind === 'declined' || kind === 'await_return');
}
