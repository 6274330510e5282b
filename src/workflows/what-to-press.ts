import type { Explanation } from '../contracts/commands.ts';
import type { RefundState } from '../contracts/sagas.ts';
import { failedText, whatFailed } from '../contracts/what-failed.ts';
import { becauseText, explain } from '../domain/explain.ts';
import { decimalFromMoney, moneyText } from '../domain/money.ts';
import type { PersonAnswer } from '../domain/person-answer.ts';
import { decisionName, endedAttempt, inQuestion, isAskingAgain } from './refund-questions.ts';
import { dueText } from './reminders.ts';

type Press = Explanation['press'][number];
const WHO = { commandId: '<new id>', actor: '<you>', reason: '<why>' };

/** Everything that a person needs in order to answer. */
export function explanationOf(state: RefundState): Explanation {
  const { decision } = state.instruction;
  const paid = decision.kind === 'follow' && state.paidBecause.length > 0 ? ` It was paid because: ${becauseText(state.paidBecause)}` : '';
  return {
    text: explain(decision) + paid,
    waits: waitsFor(state),
    trouble: whatFailed(state),
    because: decision.because,
    decision: decision.kind === 'needs_approval' ? decisionName(decision) : null,
    said: whatWasSaid(state),
    press: whatToPress(state),
  };
}

/** Updates that make sense now. */
export function whatToPress(state: RefundState): readonly Press[] {
  const { decision } = state.instruction;
  const isPersons = state.state === 'NEEDS_PERSON' || state.state === 'AWAITING_APPROVAL';
  const press: Press[] = [];
  if (decision.kind === 'needs_approval' && state.state === 'AWAITING_APPROVAL') {
    const { currency, total } = decision.payment.amount;
    const example = { ...WHO, decision: decisionName(decision) };
    press.push({ update: 'approve', does: `pay ${moneyText({ minor: total, currency })}`, example });
    const most = moneyText({ minor: decision.maximum, currency });
    press.push({
      update: 'approve',
      does: `pay another amount, at most ${most}`,
      example: { ...example, amount: decimalFromMoney({ minor: Math.ceil(total / 2), currency }) },
    });
  }
  const attempt = endedAttempt(state);
  if (attempt !== null && isPersons) press.push({ update: 'retry', does: `try again after ${attempt}`, example: WHO });
  if (isAskingAgain(state))
    press.push({
      update: 'retry',
      does: state.attention === 'OUTCOME_UNKNOWN' ? 'read the OMS back now' : 'ask the OMS again now, under the same key',
      example: WHO,
    });
  const question = inQuestion(state);
  if (question !== null && (isPersons || state.attention !== null || isAskingAgain(state))) {
    const [outcome = 'accepted'] = question.outcomes;
    const does = `say how ${question.keys[0]} stands: ${question.outcomes.join(', ')}`;
    press.push({ update: 'resolve', does, example: { ...WHO, reason: '<the evidence>', outcome } });
  }
  const isMoved = state.entry !== null && (state.entry.paid > 0 || state.entry.state === 'SUCCEEDED');
  if (isPersons && !isMoved) {
    press.push({ update: 'deny', does: 'pay nothing and tell Buy with Prime so', example: { ...WHO, statusReason: 'OTHERS' } });
    press.push({ update: 'cancel', does: 'pay nothing and tell nobody; it stays with a person', example: WHO });
  }
  const last = state.answers.at(-1);
  if (last !== undefined && last.kind !== 'withdraw' && !isMoved)
    press.push({ update: 'withdraw', does: 'take back what was answered', example: WHO });
  return press;
}

/** What persons answered and found out, oldest first. */
function whatWasSaid({ answers, findings, call, instruction }: RefundState): readonly string[] {
  const { decision } = instruction;
  const currency = call?.grant.payment.amount.currency ?? ('payment' in decision ? decision.payment.amount.currency : null);
  const found = findings.map(({ resolution: { key, outcome, actor, reason, at }, ended }) => ({
    at,
    text: `${at} ${actor} resolved ${key} as ${outcome}${ended === 'overruled' ? ', overruled by the OMS' : ended === null ? ', being checked' : ''}: ${reason}`,
  }));
  const said = answers.map((answer) => ({ at: answer.at, text: `${answer.at} ${answerText(answer, currency)}: ${answer.reason}` }));
  return [...said, ...found].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ text }) => text);
}

/** An answer in a few words, such as `ann approved 12.50 USD`. */
export function answerText(answer: PersonAnswer, currency: string | null): string {
  switch (answer.kind) {
    case 'approve': {
      const minor = answer.amount ?? answer.shown.total;
      return `${answer.actor} approved ${currency === null ? `${minor} minor units` : moneyText({ minor, currency })}`;
    }
    case 'deny':
      return `${answer.actor} denied it (${answer.statusReason})`;
    case 'withdraw':
      return `${answer.actor} took back what was answered`;
    case 'retry':
      return `${answer.actor} wants another attempt after ${answer.after}`;
    case 'cancel':
      return `${answer.actor} stopped it`;
  }
}

/** What it waits for, what failed, and by when it should have happened. */
export function waitsFor(saga: RefundState): string {
  if (['DONE', 'REJECTED', 'FAILED'].includes(saga.state)) return 'Ended.';
  return waits(saga) + failedText(whatFailed(saga)) + dueText(saga);
}

/** Only a grant is missing, and no decision says who has it. */
const TURN =
  'its turn: another payment of this order is under way or not accounted for yet, or payouts are stopped (`saga status`, `saga money status`)';

function waits(saga: RefundState): string {
  const { state, attention, entry, trouble, instruction } = saga;
  const { decision } = instruction;
  const isUnpaid = entry !== null && (attention === 'DECLINED' || attention === 'VOIDED');
  const unpaid = isUnpaid ? `The payment ${entry.key} is ${entry.state}: nothing was paid by it. ` : '';
  const mend = `then have the order looked at again (\`saga look-again\`)${whatToPress(saga).length === 0 ? '' : '; or answer it here'}`;
  const isTurn = decision.kind === 'pay' || decision.kind === 'pay_part';
  switch (state) {
    case 'DECIDING':
    case 'PAYING':
      return 'Waits for the OMS to answer.';
    case 'UNKNOWN':
      return 'The OMS has not given a certain answer: it is read back, and asked again under the same key where that is safe, until it has.';
    case 'SETTLING':
      return 'Waits for the OMS to settle the refund.';
    case 'REPORTING':
      return decision.kind === 'record' ? 'Waits for the OMS to book what Amazon refunded.' : 'Waits for Buy with Prime to take the news.';
    case 'HELD':
      return `Waits for ${isTurn ? TURN : 'what the explanation names'}; it goes on by itself.`;
    case 'AWAITING_RETURN':
      return 'Waits for its return; it goes on by itself.';
    case 'AWAITING_APPROVAL':
      return 'Waits for an approval; nothing is paid without it.';
    case 'NEEDS_PERSON':
      if (attention === 'OUTCOME_UNKNOWN') {
        return 'Waits for a person: the OMS may have paid, and could pay twice were it asked again, so it is only read back. Find out there what became of the payment, and `resolve` it.';
      }
      if (trouble !== null) return `Waits for a person: what failed is tried again meanwhile; mend it, ${mend}.`;
      if (attention === 'HELD_TOO_LONG' && isTurn)
        return `Waits for a person, longer than it should, for ${TURN}; it goes on by itself once that is over.`;
      return `${unpaid}Waits for a person: mend what the explanation names, ${mend}.`;
    case 'DONE':
    case 'REJECTED':
    case 'FAILED':
      return 'Ended.';
  }
}
