import { setHandler } from '@temporalio/workflow';
import type { Command, CommandAnswer, ResolveCommand } from '../contracts/commands.ts';
import { tell } from './activity-proxies.ts';
import { expectCommand, refusedCommand, resolutionOf } from './command-checks.ts';
import { resolveCommand, retryCommand } from './messages.ts';
import { verdictsOn } from './side-questions.ts';
import type { SideSaga } from './side-saga.ts';

const REPEATED: CommandAnswer = { repeated: true, says: 'It was taken before: nothing was done again.' };

/** The updates of persons on a saga without money. `stir` has it take its next step at once. */
export function takeSideCommands(saga: SideSaga, stir: () => void): void {
  /** Verdicts on their way to the OMS, by command id. */
  const underWay = new Map<string, Promise<CommandAnswer>>();

  const resolve = async (command: ResolveCommand): Promise<CommandAnswer> => {
    const resolution = resolutionOf(command, keyOf(saga));
    const { kind } = await tell.resolveInOms({ at: saga.state.at, resolution });
    saga.resolve(command, resolution, kind); // only now: one that the OMS never took may be sent again under its id
    stir();
    const says = kind === 'differs' ? 'Another verdict on it stands in the OMS: that one holds.' : 'It is noted, and the order is looked at.';
    return { repeated: false, says };
  };

  setHandler(
    retryCommand,
    (command: Command): CommandAnswer => {
      if (saga.hasTaken(command)) return REPEATED;
      saga.again(command);
      stir();
      return { repeated: false, says: 'The step is taken again, and the order is looked at.' };
    },
    { validator: expectCommand, description: 'Take the step again: {"commandId", "actor", "reason"}' },
  );
  setHandler(
    resolveCommand,
    async (command: ResolveCommand): Promise<CommandAnswer> => {
      if (saga.hasTaken(command)) return REPEATED;
      const first = underWay.get(command.commandId);
      if (first !== undefined) {
        await first; // where that fails this one was not taken either
        return REPEATED;
      }
      const own = resolve(command);
      underWay.set(command.commandId, own);
      try {
        return await own;
      } finally {
        underWay.delete(command.commandId);
      }
    },
    {
      validator: (command) => {
        if (!saga.hasTaken(expectCommand(command))) expectVerdict(saga, command);
      },
      description: 'What you found out: {"commandId", "actor", "reason", "outcome"}; the query explain names the outcomes that end what is asked',
    },
  );
}

/** What a verdict on this saga is about. */
function keyOf({ state: { instruction, id } }: SideSaga): string {
  return instruction.wanted.saga === 'externalRefund' ? instruction.wanted.decision.key : id;
}

/** @throws ApplicationFailure that names the field and the fix. */
function expectVerdict(saga: SideSaga, command: ResolveCommand): void {
  const key = keyOf(saga);
  resolutionOf(command, key);
  if (command.key !== undefined && command.key !== key) {
    throw refusedCommand(`key: expected ${JSON.stringify(key)}, which this saga is about, or none, found ${JSON.stringify(command.key)}`);
  }
  const { outcomes, why } = verdictsOn(saga.state);
  if (outcomes.length === 0) throw refusedCommand(`resolve: ${why}`);
  if (outcomes.includes(command.outcome)) return;
  throw refusedCommand(`outcome: expected ${outcomes.join(' or ')}, since ${why}, found ${JSON.stringify(command.outcome)}`);
}
