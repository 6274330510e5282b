import {
  type ApproveCommand,
  type Command,
  DENIAL_REASONS,
  type DenyCommand,
  type ResolveCommand,
  type RetryCommand,
} from '../contracts/commands.ts';
import type { Finding, RefundState } from '../contracts/sagas.ts';
import { decisionTitle } from '../domain/explain.ts';
import { moneyFromDecimal, moneyText } from '../domain/money.ts';
import type { PersonAnswer } from '../domain/person-answer.ts';
import { personOf, wishesOn } from '../domain/persons.ts';
import { isKeyFor } from '../domain/refund-key.ts';
import { refusedCommand, resolutionOf } from './command-checks.ts';
import { decisionName, endedAttempt, inQuestion, isAskingAgain } from './refund-questions.ts';

/**
 * What a command comes to on a refund saga as it stands. Each of these throws an ApplicationFailure that names the field and the fix when
 * the command cannot be taken, so that a validator runs the very code that the handler runs.
 */
type Kind = PersonAnswer['kind'];
type Answer<K extends Kind> = Extract<PersonAnswer, { kind: K }>;

/** Whether it was taken before. The same id with another command is a mistake of the sender. */
export function isRepeated({ answers, findings, asked = [] }: RefundState, kind: Kind | 'resolve', { commandId }: Command): boolean {
  const isFinding = findings.some((each) => each.commandId === commandId);
  const answered = answers.find((answer) => answer.commandId === commandId)?.kind;
  const before = answered ?? (isFinding ? 'resolve' : asked.includes(commandId) ? 'retry' : null);
  if (before === null) return false;
  if (before === kind) return true;
  throw refusedCommand(`commandId: expected a new one for this ${kind}, found ${JSON.stringify(commandId)}, under which a ${before} was taken`);
}

export function approval(state: RefundState, command: ApproveCommand): Answer<'approve'> {
  const { decision } = opened(state, 'approve').instruction;
  const { denied, cancelled, approvals } = wishesOn(state.refundId, state.answers);
  const stopped = denied ?? cancelled;
  if (stopped !== null) throw refusedCommand(`approve: ${stopped.actor} answered ${stopped.kind} before; send withdraw first`);
  if (decision.kind !== 'needs_approval') throw refusedCommand(`approve: nothing waits for an approval now; ${standing(state)}`);
  const name = decisionName(decision);
  if (command.decision !== name) {
    throw refusedCommand(
      `decision: expected ${JSON.stringify(name)}, the decision that is shown now (${decisionTitle(decision)}), found ${JSON.stringify(command.decision)}: look at it, then approve it by its name`,
    );
  }
  const { shown, payment, maximum, needed } = decision;
  const amount = command.amount === undefined ? payment.amount.total : amountOf(command.amount, { maximum, currency: payment.amount.currency });
  const last = approvals.findLast((each) => each.shown.hash === shown.hash && personOf(each.actor) === personOf(command.actor));
  if (last !== undefined && (last.amount ?? last.shown.total) === amount) {
    const more = needed === 2 ? 'it needs a second, different person' : 'it is being decided anew';
    throw refusedCommand(`actor: ${command.actor.trim()} has approved this decision already; ${more}`);
  }
  return { ...common(state, command), kind: 'approve', shown, amount: amount === shown.total ? null : amount };
}

export function denial(state: RefundState, command: DenyCommand): Answer<'deny'> {
  const { statusReason } = command;
  if (!DENIAL_REASONS.some((known) => known === statusReason)) {
    throw refusedCommand(`statusReason: expected one of ${DENIAL_REASONS.join(', ')}, found ${JSON.stringify(statusReason)}`);
  }
  unpaid(opened(state, 'deny'), 'deny');
  const { denied } = wishesOn(state.refundId, state.answers);
  if (denied !== null) throw refusedCommand(`deny: ${denied.actor} denied it already (${denied.statusReason}); send withdraw first to change it`);
  return { ...common(state, command), kind: 'deny', statusReason };
}

export function cancellation(state: RefundState, command: Command): Answer<'cancel'> {
  unpaid(opened(state, 'cancel'), 'cancel');
  const { cancelled, denied } = wishesOn(state.refundId, state.answers);
  const said = cancelled ?? denied;
  if (said !== null) throw refusedCommand(`cancel: ${said.actor} answered ${said.kind} already; send withdraw first to change it`);
  return { ...common(state, command), kind: 'cancel' };
}

export function withdrawal(state: RefundState, command: Command): Answer<'withdraw'> {
  const { decision } = opened(state, 'withdraw').instruction;
  const last = state.answers.at(-1);
  const isAnswered = (last !== undefined && last.kind !== 'withdraw') || decision.because[0]?.rule === 'PERSON';
  if (!isAnswered) throw refusedCommand('withdraw: nobody has answered anything that could be taken back');
  return { ...common(state, command), kind: 'withdraw' };
}

/** Of the attempt that failed or was voided. */
export function repetition(state: RefundState, command: RetryCommand): Answer<'retry'> {
  const last = endedAttempt(opened(state, 'retry'));
  if (last === null) throw refusedCommand(`retry: it follows an attempt that FAILED or was VOIDED, and there is none; ${standing(state)}`);
  const after = command.key ?? last;
  if (after !== last) throw refusedCommand(`key: expected ${last}, the newest attempt, or nothing, found ${JSON.stringify(after)}`);
  if (wishesOn(state.refundId, state.answers).retries.has(after)) throw refusedCommand(`retry: another attempt after ${after} was asked for already`);
  return { ...common(state, command), kind: 'retry', after };
}

/** What a person found out, about the payment that it is about or the one that `key` names. */
export function finding(state: RefundState, command: ResolveCommand): Finding {
  const about = inQuestion(opened(state, 'resolve'));
  if (about === null) throw refusedCommand(`resolve: nothing is unclear here; ${standing(state)}`);
  const key = command.key ?? about.keys[0] ?? '';
  if (!about.keys.includes(key) && !isKeyFor(state.at, state.refundId, key)) {
    throw refusedCommand(`key: expected ${about.keys.join(' or ')}, found ${JSON.stringify(key)}`);
  }
  const resolution = resolutionOf(command, key);
  if (!about.outcomes.includes(resolution.outcome)) {
    throw refusedCommand(`outcome: expected ${about.outcomes.join(' or ')} while it is ${about.what}, found ${JSON.stringify(command.outcome)}`);
  }
  if (state.findings.some((each) => each.ended === null && each.resolution.key === key)) {
    throw refusedCommand(`resolve: what was found out about ${key} before is still being checked with the OMS`);
  }
  return { commandId: command.commandId, resolution, aboutCall: isAskingAgain(state), ended: null };
}

const common = ({ refundId }: RefundState, { commandId, actor, reason }: Command) => ({
  refundId,
  commandId,
  actor: actor.trim(),
  reason,
  at: new Date().toISOString(),
});

const standing = ({ state, instruction }: RefundState): string => `the saga is ${state} (${decisionTitle(instruction.decision)})`;

function opened(state: RefundState, name: string): RefundState {
  if (!['DONE', 'REJECTED', 'FAILED'].includes(state.state)) return state;
  throw refusedCommand(`${name}: the saga has ended as ${state.state}; nothing waits for a person any more`);
}

function unpaid({ entry }: RefundState, name: string): void {
  if (entry === null || (entry.paid === 0 && entry.state !== 'SUCCEEDED')) return;
  throw refusedCommand(`${name}: money has reached the shopper under ${entry.key} (${entry.state}), and is never taken back`);
}

function amountOf(text: unknown, { maximum, currency }: { readonly maximum: number; readonly currency: string }): number {
  const most = moneyText({ minor: maximum, currency });
  if (typeof text !== 'string') throw refusedCommand(`amount: expected decimal text such as "12.50", at most ${most}, found ${JSON.stringify(text)}`);
  let minor: number;
  try {
    ({ minor } = moneyFromDecimal(text, currency));
  } catch (error) {
    throw refusedCommand(error instanceof RangeError ? error.message : String(error));
  }
  if (minor <= 0) throw refusedCommand(`amount: expected more than nothing, found ${JSON.stringify(text)}; to pay nothing, send deny`);
  if (minor > maximum) throw refusedCommand(`amount: expected at most ${most}, found ${moneyText({ minor, currency })}`);
  return minor;
}
