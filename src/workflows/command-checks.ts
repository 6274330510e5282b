import { ApplicationFailure } from '@temporalio/workflow';
import type { Command, ResolveCommand } from '../contracts/commands.ts';
import type { Resolution } from '../domain/person-answer.ts';

const LONGEST = 500;
const OUTCOMES: readonly Resolution['outcome'][] = ['paid', 'not_paid', 'paid_elsewhere', 'accepted'];

/** What a person sent may be anything. @throws ApplicationFailure that names the field and the fix. */
export function expectCommand<Given extends Command>(command: Given): Given {
  if (typeof command !== 'object' || command === null)
    throw refusedCommand('expected an object such as {"commandId": "c-1", "actor": "ann", "reason": "why"}');
  for (const field of ['commandId', 'actor', 'reason'] as const) {
    const value = command[field] as unknown;
    if (typeof value !== 'string' || value.trim() === '')
      throw refusedCommand(`${field}: expected a text that is not empty, found ${JSON.stringify(value)}`);
    if (value.length > LONGEST) throw refusedCommand(`${field}: expected at most ${LONGEST} characters, found ${value.length}`);
  }
  return command;
}

/** The verdict as it is kept. @throws ApplicationFailure for another outcome. */
export function resolutionOf({ outcome, actor, reason }: ResolveCommand, key: string): Resolution {
  if (!OUTCOMES.includes(outcome)) throw refusedCommand(`outcome: expected one of ${OUTCOMES.join(', ')}, found ${JSON.stringify(outcome)}`);
  return { key, outcome, actor: actor.trim(), reason, at: new Date().toISOString() };
}

/** Refuses a command without a trace in the workflow. */
export const refusedCommand = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ message, type: 'CommandRefused', nonRetryable: true });
