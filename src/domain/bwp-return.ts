import { compareInstants, laterBy } from './instant.ts';
import type { BwpReturn } from './order.ts';
import type { Timing } from './policy.ts';
import { because, type OrderCase, resolvedBy } from './refund-case.ts';
import type { AttentionReason, Because } from './refund-decision.ts';
import type { ReturnDecision, ReturnStage } from './return-decision.ts';
import { tellingOf } from './return-picture.ts';
import { hasReached } from './states.ts';

/** What is due on a return that was opened at BwP and is negotiated no more. */
export function decideReturn({ facts, policy }: Pick<OrderCase, 'facts' | 'policy'>, returned: BwpReturn): ReturnDecision {
  const found = standingOf(returned, policy.timing, facts.readAt);
  const telling = tellingOf(returned, facts.returns);
  const stage = stageOf(returned);
  const shown = { returnState: returned.state, ...(found.kind !== 'settled' && { stage }), ...countsOf(returned) };
  const about = { returnId: returned.id, ...telling };
  const why: readonly Because[] = [
    because('RETURN', found.text, { ...shown, ...(found.kind === 'follow' && found.until !== null && { until: found.until }) }),
    ...(telling.tell === null ? [] : [because('RETURN', 'The OMS holds it otherwise and is told.', { version: telling.tell.version })]),
  ];
  switch (found.kind) {
    case 'follow':
      return { ...about, kind: 'follow', stage, until: found.until, because: why };
    case 'settled':
      return { ...about, kind: 'settled', outcome: found.outcome, because: why };
    case 'manual': {
      const said = facts.resolutions.findLast(({ key, outcome }) => key === returned.id && outcome === 'accepted');
      if (said === undefined) return { ...about, kind: 'manual', reason: found.reason, stage, because: why };
      return { ...about, kind: 'settled', outcome: 'DONE', because: [...why, resolvedBy(said)] };
    }
  }
}

type Standing = { readonly text: string } & (
  | { readonly kind: 'follow'; readonly until: string | null }
  | { readonly kind: 'manual'; readonly reason: AttentionReason }
  | { readonly kind: 'settled'; readonly outcome: 'DONE' | 'CANCELLED' | 'NEVER_SENT' }
);

/** What its state says goes before what its packages and gradings say: these may lag (domain.md 3). */
function standingOf(returned: BwpReturn, timing: Timing, readAt: string): Standing {
  const state = returned.state.toUpperCase();
  if (state === 'CANCELLED') return { kind: 'settled', outcome: 'CANCELLED', text: 'The return was cancelled.' };
  const { units, graded } = countsOf(returned);
  if (state === 'COMPLETED') {
    const text = graded >= units ? 'The return is completed.' : `The return is completed; ${units - graded} of its ${units} units were never graded.`;
    return { kind: 'settled', outcome: 'DONE', text };
  }
  const isGraded = units > 0 && graded >= units;
  if (!isGraded && hasFailed(returned)) {
    return { kind: 'manual', reason: 'RETURN_FAILED', text: `A package of the return could not be delivered${reasonsOf(returned)}.` };
  }
  const stage = stageOf(returned);
  const until = laterBy(returned.createdAt, longest(stage, timing));
  const isOver = compareInstants(until, readAt) <= 0; // no time is never over
  if (!isOver) return { kind: 'follow', until, text: UNDER_WAY[stage] };
  if (isGraded) return { kind: 'settled', outcome: 'DONE', text: 'All its units are graded, although Buy with Prime never completed the return.' };
  switch (stage) {
    case 'OPEN':
      return returned.packages.every(({ state: shown }) => shown.toUpperCase() === 'CREATED')
        ? { kind: 'settled', outcome: 'NEVER_SENT', text: 'Nothing was sent back in all the time there was for it.' }
        : { kind: 'manual', reason: 'RETURN_STALLED', text: 'Its packages are in a state that is not known, and nothing has arrived in time.' };
    case 'IN_TRANSIT':
      return { kind: 'manual', reason: 'RETURN_STALLED', text: 'What was sent back has not arrived in time.' };
    case 'DELIVERED':
    case 'GRADING':
      return { kind: 'manual', reason: 'RETURN_NOT_GRADED', text: `${units - graded} of its ${units} units have not been graded in time.` };
  }
}

const UNDER_WAY: Readonly<Record<ReturnStage, string>> = {
  OPEN: 'The return was opened, nothing has been sent yet.',
  IN_TRANSIT: 'The return is on its way.',
  DELIVERED: 'The return has arrived and waits for its grading.',
  GRADING: 'The return is being graded.',
};

/** How far it has come, by what is furthest: a grading may be shown before the packages it came in. */
function stageOf(returned: BwpReturn): ReturnStage {
  const { packages } = returned;
  if (countsOf(returned).graded > 0) return 'GRADING';
  if (packages.length > 0 && packages.every(({ state }) => hasReached(state, 'delivered'))) return 'DELIVERED';
  return packages.some(({ state }) => hasReached(state, 'dropped_off')) ? 'IN_TRANSIT' : 'OPEN';
}

/** From when BwP opened it, since BwP does not date the steps of a package: the waits of all the steps so far in a row. */
function longest(stage: ReturnStage, { returnDropOff, returnTransit, returnGrading }: Timing): number {
  if (stage === 'OPEN') return returnDropOff;
  return stage === 'IN_TRANSIT' ? returnDropOff + returnTransit : returnDropOff + returnTransit + returnGrading;
}

/** Units of all lines, and those that were graded: no more of a line than came back. FULFILLMENT_EXPIRED is a grading as well. */
function countsOf({ lines }: BwpReturn): { readonly units: number; readonly graded: number } {
  return {
    units: lines.reduce((sum, { units }) => sum + units, 0),
    graded: lines.reduce((sum, line) => sum + Math.min(line.units, gradedOf(line)), 0),
  };
}

const gradedOf = ({ graded }: BwpReturn['lines'][number]): number => graded.reduce((sum, { units }) => sum + units, 0);

const isFailed = ({ state }: BwpReturn['packages'][number]): boolean => state.toUpperCase() === 'FAILED';

/** A package failed and none of the others is still under way. */
const hasFailed = ({ packages }: BwpReturn): boolean =>
  packages.some(isFailed) && !packages.some(({ state }) => hasReached(state, 'dropped_off') && !hasReached(state, 'delivered'));

function reasonsOf({ packages }: BwpReturn): string {
  const reasons = packages.filter(isFailed).flatMap(({ reason }) => (reason === null ? [] : [reason]));
  return reasons.length === 0 ? '' : `: ${[...new Set(reasons)].sort().join(', ')}`;
}
