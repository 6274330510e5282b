import type { LineId } from './ids.ts';
import type { Alias, BwpReturn, ExternalReturn } from './order.ts';
import { because, type OrderCase, resolvedBy } from './refund-case.ts';
import type { AttentionReason, Because } from './refund-decision.ts';
import type { ExternalReturnDecision } from './return-decision.ts';
import { isSameAlias, type ReturnedUnits, unitsOf, wantedAliases } from './return-units.ts';
import { externalReturnStep, NEW_EXTERNAL_RETURN } from './states.ts';

/** An external return with what its decision stands on. `units` hears of what the decision takes. */
export type ExternalReturnCase = Pick<OrderCase, 'facts' | 'policy' | 'known'> & { readonly units: ReturnedUnits };

/** What is due on a return that was opened in the OMS. `record` is the BwP return that stands for it. */
export function decideExternalReturn(given: ExternalReturnCase, external: ExternalReturn, record: BwpReturn | null): ExternalReturnDecision {
  const decision = record === null ? decideAdd(given, external) : compareRecord(given, external, record);
  // Whatever stands under its id, the OMS takes no second word on it: the link is kept, or never can be.
  if (decision.kind === 'linked' && given.facts.resolutions.some(({ key }) => key === external.id)) {
    return { kind: 'settled', isFinal: true, externalReturnId: external.id, because: decision.because };
  }
  const accepted = acceptance(given, external);
  if (decision.kind !== 'manual' || accepted === undefined) return decision;
  return { kind: 'settled', isFinal: isOver(external), externalReturnId: external.id, because: [...decision.because, resolvedBy(accepted)] };
}

const acceptance = ({ facts }: ExternalReturnCase, { id }: ExternalReturn) =>
  facts.resolutions.findLast(({ key, outcome }) => key === id && outcome === 'accepted');

type Shown = Because['facts'];

const step = (external: ExternalReturn, text: string, facts: Shown = {}): Pick<ExternalReturnDecision, 'externalReturnId' | 'because'> => ({
  externalReturnId: external.id,
  because: [because('RETURN', text, { omsState: external.state, ...facts })],
});

const manual = (external: ExternalReturn, reason: AttentionReason, text: string, facts: Shown = {}): ExternalReturnDecision => ({
  kind: 'manual',
  reason,
  ...step(external, text, facts),
});

const STATES = ['CREATED', 'COMPLETED', 'CANCELLED'] as const;
const stateOf = ({ state }: ExternalReturn): (typeof STATES)[number] | null => STATES.find((known) => known === state.toUpperCase()) ?? null;
const isOver = (external: ExternalReturn): boolean => ['COMPLETED', 'CANCELLED'].includes(external.state.toUpperCase());

/** BwP does not show it: it is added, unless a return that BwP opened stands for it. */
function decideAdd(given: ExternalReturnCase, external: ExternalReturn): ExternalReturnDecision {
  const { facts, policy, units } = given;
  const state = stateOf(external);
  if (state === null) return unknownState(external);
  if (state === 'CANCELLED' || NEW_EXTERNAL_RETURN[state].may !== 'yes') {
    return { kind: 'settled', isFinal: true, ...step(external, 'It was cancelled before Buy with Prime heard of it.') };
  }
  const lines = unitsOf(external, given);
  if (lines === null) return manual(external, 'LINES_DIFFER', 'It names lines or units that the order at Buy with Prime does not have.');
  const fits = units.fit(lines);
  const stands = units.standIn(lines, { mayBeOver: !fits || acceptance(given, external) !== undefined });
  if (stands !== null) {
    units.link(stands, lines);
    const text = `Its units are in the return ${stands.id}, which was opened at Buy with Prime and stands for both.`;
    return { kind: 'linked', returnId: stands.id, ...step(external, text, { returnState: stands.state }) };
  }
  if (!fits) return manual(external, 'UNITS_ABOVE_ORDER', 'With it more units would come back than were ordered.');
  const aliases = wantedAliases(external, policy);
  const problem = aliasProblem(external, aliases, facts.bwp.returns);
  if (problem !== null) return problem;
  units.add(lines);
  return { kind: 'add', state, aliases, lines, ...step(external, 'The OMS opened it by itself: Buy with Prime is told.') };
}

/** The BwP return that stands for it is kept up to date, never taken back. Lines cannot be changed (domain.md 3.2). */
function compareRecord(given: ExternalReturnCase, external: ExternalReturn, record: BwpReturn): ExternalReturnDecision {
  const { policy, facts } = given;
  const state = stateOf(external);
  if (state === null) return unknownState(external);
  const shown = { returnId: record.id, returnState: record.state };
  const standing = externalReturnStep(record.state.toUpperCase(), state);
  if (standing === 're_read') {
    const text = `The OMS has it as ${external.state}, Buy with Prime shows ${record.state}, which is not taken back.`;
    return manual(external, 'RETURN_STATE_CONFLICT', text, shown);
  }
  const wanted = wantedAliases(external, policy);
  const areShown = record.aliases.length === wanted.length && wanted.every((alias) => record.aliases.some((each) => isSameAlias(each, alias)));
  const others = facts.bwp.returns.filter(({ id }) => id !== record.id);
  const problem = areShown ? null : aliasProblem(external, wanted, others);
  const aliases = areShown || problem !== null ? null : wanted;
  const next = standing === 'legal' ? state : null;
  if (next !== null || aliases !== null) {
    const text = `The OMS has it as ${external.state}: Buy with Prime is brought up to date.`;
    return { kind: 'update', returnId: record.id, state: next, aliases, ...step(external, text, shown) };
  }
  if (problem !== null) return problem;
  if (!hasSameLines(unitsOf(external, given), record)) {
    return manual(external, 'LINES_DIFFER', 'It is for other lines or units than Buy with Prime shows, where they cannot be changed.', shown);
  }
  return { kind: 'settled', isFinal: isOver(external), ...step(external, 'Buy with Prime shows it as the OMS holds it.', shown) };
}

const unknownState = (external: ExternalReturn): ExternalReturnDecision =>
  manual(external, 'UNKNOWN_STATE', `The OMS has it in a state that is not known: ${external.state}.`);

/** Aliases a return may have (domain.md 3.2). */
const MOST_ALIASES = 2;

/** Why BwP would refuse these aliases; an id is taken whatever its type. */
function aliasProblem(external: ExternalReturn, aliases: readonly Alias[], others: readonly BwpReturn[]): ExternalReturnDecision | null {
  if (aliases.length > MOST_ALIASES) {
    return manual(external, 'ALIAS_LIMIT', `It has ${aliases.length} aliases with its own id; Buy with Prime takes ${MOST_ALIASES}.`);
  }
  const holder = others.find((each) => each.aliases.some(({ aliasId }) => aliases.some((alias) => alias.aliasId === aliasId)));
  return holder === undefined
    ? null
    : manual(external, 'ALIAS_TAKEN', `An alias of it is on the return ${holder.id} already.`, { returnId: holder.id });
}

/** A return that shows no lines says nothing of them. */
function hasSameLines(wanted: readonly { readonly lineId: LineId; readonly units: number }[] | null, { lines }: BwpReturn): boolean {
  if (lines.length === 0) return true;
  const shown = (lineId: LineId): number => lines.filter((line) => line.lineId === lineId).reduce((sum, { units }) => sum + units, 0);
  return (
    wanted?.every(({ lineId, units }) => shown(lineId) === units) === true &&
    lines.every(({ lineId, units }) => units === 0 || wanted.some((line) => line.lineId === lineId))
  );
}
