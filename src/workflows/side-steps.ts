import type { SideSagaState } from '../contracts/sagas.ts';
import type { SideDecision } from '../contracts/side-sagas.ts';
import { assertNever } from '../domain/assert-never.ts';
import { moneyText } from '../domain/money.ts';
import { waitAt } from '../domain/policy.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import type { ExternalReturnDecision, ReturnDecision } from '../domain/return-decision.ts';
import { tell } from './activity-proxies.ts';
import { refusalOf } from './refusals.ts';
import type { SideSaga } from './side-saga.ts';

/** One step of what the newest decision wants; answers until when (epoch milliseconds) there is nothing to do, null while a person has it. */
export async function sideStep(saga: SideSaga): Promise<number | null> {
  const { wanted } = saga.state.instruction;
  switch (wanted.saga) {
    case 'externalRefund':
      return externalRefundStep(saga, wanted);
    case 'return':
      return returnStep(saga, wanted.decision);
    case 'externalReturn':
      return externalReturnStep(saga, wanted.decision);
    default:
      return assertNever(wanted);
  }
}

/** Money that the OMS refunded by itself is told to BwP, until both are final. */
async function externalRefundStep(
  saga: SideSaga,
  { decision, isFinal }: Extract<SideDecision, { readonly saga: 'externalRefund' }>,
): Promise<number | null> {
  const { at, id, instruction } = saga.state;
  const { refundAliasType: aliasType, rejectFrom } = instruction.policy;
  switch (decision.kind) {
    case 'mirror':
    case 'update_mirror': {
      const { report, key: entryKey } = decision;
      const lines = decision.kind === 'mirror' ? decision.lines : null;
      const mirror = () => tell.mirrorRefund({ at, entryKey, report, lines, aliasType, aliasId: id, rejectFrom });
      const taken = await once(saga, async () => refusalOf(`${report.state} ${moneyText(report.total)}`, await mirror()));
      if (!taken) return refused(saga);
      return report.state === 'SUCCESS' || report.state === 'FAILURE' ? ended(saga, 'DONE') : settling(saga);
    }
    case 'hold':
      if (saga.state.state === 'HELD' && saga.isOverdue) return person(saga, 'HELD_TOO_LONG');
      if (saga.state.attention === 'HELD_TOO_LONG') return null;
      saga.enter('HELD');
      return saga.state.dueAt;
    case 'manual':
      return person(saga, decision.reason, decision.dueAt);
    case 'settled':
      return isFinal ? ended(saga, 'DONE') : settling(saga);
    default:
      return assertNever(decision);
  }
}

/** Told so far; what the OMS makes of it comes with a notice, or is found by a look. */
function settling(saga: SideSaga): number {
  const { settlementPoll, deadline } = saga.state.instruction.policy.timing;
  return waiting(saga, 'SETTLING', { looks: settlementPoll, patience: deadline });
}

/** What comes next has no time of its own: past `patience` (milliseconds) a person hears that it is late, and it is waited for all the same. */
function waiting(
  saga: SideSaga,
  state: SideSagaState,
  { looks, patience }: { readonly looks: readonly number[]; readonly patience: number },
): number {
  const stays = saga.state.state === state;
  const isLate = stays && (saga.state.attention === 'OVERDUE' || saga.isOverdue);
  saga.enter(state, isLate ? 'OVERDUE' : null, stays ? null : Date.now() + patience);
  return askForLook(saga, looks, 'later');
}

const NEWER = 'the OMS holds a newer version of the return than it was told';

/** The OMS hears the whole picture whenever it is another one; then the saga waits for the next step of the return. */
async function returnStep(saga: SideSaga, decision: ReturnDecision): Promise<number | null> {
  const { at } = saga.state;
  if (decision.tell !== null) {
    const { picture, version } = decision.tell;
    const taken = await once(saga, async () => ((await tell.tellReturn({ at, picture, version })).kind === 'told' ? null : NEWER));
    if (!taken) return refused(saga);
  }
  switch (decision.kind) {
    case 'follow':
      if (decision.until === null) return comingBack(saga, decision.stage); // BwP does not say when it began
      saga.enter(decision.stage, null, Date.parse(decision.until));
      return saga.isOverdue ? askForLook(saga, saga.state.instruction.policy.timing.lookAgain) : saga.state.dueAt;
    case 'manual':
      return person(saga, decision.reason);
    case 'settled':
      return ended(saga, decision.outcome);
    default:
      return assertNever(decision);
  }
}

/** A return that was opened in the OMS is told to BwP, so that it does not accept the same units again. */
async function externalReturnStep(saga: SideSaga, decision: ExternalReturnDecision): Promise<number | null> {
  const { at, id } = saga.state;
  switch (decision.kind) {
    case 'add':
    case 'update': {
      const told = `the return${decision.state === null ? '' : ` as ${decision.state}`}`;
      const taken = await once(saga, async () => refusalOf(told, await tell.mirrorReturn({ at, externalReturnId: id, change: decision })));
      if (!taken) return refused(saga);
      return decision.state === 'COMPLETED' || decision.state === 'CANCELLED' ? ended(saga, 'DONE') : comingBack(saga, 'OPEN');
    }
    case 'linked':
      await once(saga, () => rememberLink(saga, decision.returnId));
      return ended(saga, 'DONE');
    case 'manual':
      return person(saga, decision.reason);
    case 'settled':
      return decision.isFinal ? ended(saga, 'DONE') : comingBack(saga, 'OPEN');
    default:
      return assertNever(decision);
  }
}

/** The BwP return stands for both for good: without a word of it, the units would be told again once that return has ended. */
async function rememberLink(saga: SideSaga, returnId: string): Promise<null> {
  const reason = `its units are in return ${returnId} of Buy with Prime`;
  const resolution = { key: saga.state.id, outcome: 'accepted', actor: 'bwp-saga', reason, at: new Date().toISOString() } as const;
  const { kind } = await tell.resolveInOms({ at: saga.state.at, resolution });
  if (kind === 'not_kept') saga.tellResolution(resolution);
  return null;
}

/** Takes the step of a decision, once; false when it was refused, which `call` answers in words. A call that fails for good throws. */
async function once(saga: SideSaga, call: () => Promise<string | null>): Promise<boolean> {
  const name = fingerprintOf(saga);
  if (saga.state.done === name) return true;
  if (saga.state.state !== 'NEEDS_PERSON') saga.enter('REPORTING');
  const refusal = await call();
  if (refusal === null) saga.recordDone(name);
  else saga.failed(refusal);
  return refusal === null;
}

const fingerprintOf = ({ state }: SideSaga): string => JSON.stringify(withoutReasons(state.instruction.wanted.decision));

const withoutReasons = ({ because: _, ...rest }: { readonly because: unknown }): object => rest;

function ended(saga: SideSaga, state: SideSagaState): null {
  saga.end(state);
  return null;
}

/** Its next step comes with a notice or an event; where that is lost, a look finds it. */
function comingBack(saga: SideSaga, state: SideSagaState): number {
  const { deadline, returnWait } = saga.state.instruction.policy.timing;
  return waiting(saga, state, { looks: [deadline], patience: returnWait });
}

/** The coordinator looks, now or only after the first wait, and again after each further one; a new decision comes when something changed. */
function askForLook(saga: SideSaga, waits: readonly number[], first: 'now' | 'later' = 'now'): number {
  const { polls } = saga.state;
  if (first === 'now' || polls > 0) saga.report(true);
  saga.recordPoll();
  return Date.now() + waitAt(waits, polls);
}

function person(saga: SideSaga, reason: AttentionReason, dueAt: string | null = null): null {
  saga.enter('NEEDS_PERSON', reason, dueAt === null ? null : Date.parse(dueAt));
  return null;
}

/** The facts are not what the decision stood on: one stale read is enough for that, so a person is only told when it happens again. */
function refused(saga: SideSaga): number {
  const { polls, instruction } = saga.state;
  if (polls > 0) saga.enter('NEEDS_PERSON', instruction.wanted.saga === 'return' ? 'REFUSED_BY_OMS' : 'REFUSED_BY_BWP');
  return askForLook(saga, instruction.policy.timing.settlementPoll);
}
