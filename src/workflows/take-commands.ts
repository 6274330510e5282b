import type { UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import { type Command, type CommandAnswer, DENIAL_REASONS, type ResolveCommand, type RetryCommand } from '../contracts/commands.ts';
import type { RefundState } from '../contracts/sagas.ts';
import type { PersonAnswer } from '../domain/person-answer.ts';
import { expectCommand } from './command-checks.ts';
import { approveCommand, cancelCommand, denyCommand, resolveCommand, retryCommand, withdrawCommand } from './messages.ts';
import { approval, cancellation, denial, finding, isRepeated, repetition, withdrawal } from './refund-commands.ts';
import { isAskingAgain } from './refund-questions.ts';
import type { RefundSaga } from './refund-saga.ts';

const REPEATED: CommandAnswer = { repeated: true, says: 'It was taken before: nothing was done again.' };
const ANEW = 'It is noted, and the refund is decided anew.';
const WHO = '"commandId": "<new id>", "actor": "<you>", "reason": "<why>"';

/** The updates of persons. Each only notes what was said: what follows is decided by the coordinator, or asked of the OMS by the saga's next step. */
export function takeCommands(saga: RefundSaga): void {
  const take = <Given extends Command>(
    update: UpdateDefinition<CommandAnswer, [Given]>,
    kind: PersonAnswer['kind'],
    [answerTo, description, says = ANEW]: readonly [(state: RefundState, command: Given) => PersonAnswer, string, string?],
  ): void =>
    setHandler(
      update,
      (command: Given): CommandAnswer => {
        if (isRepeated(saga.state, kind, command)) return REPEATED;
        saga.hearAnswer(answerTo(saga.state, command));
        return { repeated: false, says };
      },
      {
        validator: (command: Given) => {
          if (!isRepeated(saga.state, kind, expectCommand(command))) answerTo(saga.state, command);
        },
        description,
      },
    );

  take(approveCommand, 'approve', [approval, `Pay what is shown, or another amount: {${WHO}, "decision": "<its name>", "amount": "12.50"}`]);
  take(denyCommand, 'deny', [
    denial,
    `Pay nothing and tell Buy with Prime why: {${WHO}, "statusReason": "${DENIAL_REASONS.join('" | "')}"}`,
    'It is noted, and the refund is decided anew: a payment under way is waited for, and voided if it can be.',
  ]);
  take(cancelCommand, 'cancel', [
    cancellation,
    `Pay nothing and tell nobody; it stays with a person: {${WHO}}`,
    'It is noted, and the refund is decided anew: a payment under way is waited for, and voided if it can be.',
  ]);
  take(withdrawCommand, 'withdraw', [withdrawal, `Take back what was answered before: {${WHO}}`]);

  setHandler(
    retryCommand,
    (command: RetryCommand): CommandAnswer => {
      if (isRepeated(saga.state, 'retry', command)) return REPEATED;
      if (isAskingAgain(saga.state)) {
        saga.askAgain(command);
        return { repeated: false, says: 'The OMS is asked now, under the same key.' };
      }
      saga.hearAnswer(repetition(saga.state, command));
      return { repeated: false, says: ANEW };
    },
    {
      validator: (command) => {
        if (!isRepeated(saga.state, 'retry', expectCommand(command)) && !isAskingAgain(saga.state)) repetition(saga.state, command);
      },
      description: `Another attempt after one that FAILED or was VOIDED, or ask the OMS about an open call now: {${WHO}}`,
    },
  );
  setHandler(
    resolveCommand,
    (command: ResolveCommand): CommandAnswer => {
      if (isRepeated(saga.state, 'resolve', command)) return REPEATED;
      saga.hearFinding(finding(saga.state, command));
      return { repeated: false, says: 'The OMS is asked first, and what it answers for certain holds; the timeline tells what came of it.' };
    },
    {
      validator: (command) => {
        if (!isRepeated(saga.state, 'resolve', expectCommand(command))) finding(saga.state, command);
      },
      description: `What you found out about a payment: {${WHO}, "outcome": "paid" | "not_paid" | "paid_elsewhere" | "accepted", "key": "<another than its own>"}`,
    },
  );
}
