import { randomUUID } from 'node:crypto';
import type { CommandAnswer, CommandName, Explanation, TimelineEntry } from '../../../src/contracts/commands.ts';
import type { World } from '../support/world.ts';

type Where = { readonly order: string; readonly refund: string };

/** Sends a command as an operator does; whoever is not named is Ann. */
export async function send(
  { sagas }: World,
  { order, refund }: Where,
  name: CommandName,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<CommandAnswer> {
  const command = { commandId: randomUUID(), actor: 'ann', reason: 'looked at it', ...fields };
  return sagas.refundHandle(order, refund).executeUpdate<CommandAnswer, [object]>(name, { args: [command] });
}

/** What is said to the one whose command is refused. */
export async function refusal(...sent: Parameters<typeof send>): Promise<string> {
  try {
    const answer = await send(...sent);
    return `taken: ${answer.says}`;
  } catch (error) {
    return (error as { cause?: Error }).cause?.message ?? String(error);
  }
}

export const explained = ({ sagas }: World, { order, refund }: Where): Promise<Explanation> => sagas.refundHandle(order, refund).query('explain');

export const timeline = async ({ sagas }: World, { order, refund }: Where): Promise<readonly string[]> =>
  (await sagas.refundHandle(order, refund).query<readonly TimelineEntry[]>('timeline')).map(({ what }) => what);
