import { Command, CommanderError } from 'commander';
import type { CommandGroup } from './command-group.ts';
import { addJournalCommand } from './journal-command.ts';
import { addMoneyCommands } from './money-commands.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addQuoteCommand } from './quote-command.ts';
import { addSagaCommands } from './saga-commands.ts';
import { addSweepCommands } from './sweep-commands.ts';
import { BadInput, ExitCode, type Terminal } from './terminal.ts';

/** Runs one `saga` command line, given without the program's name. Answers go to `terminal.out`, everything else to `terminal.err`. */
export async function saga(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let ended: ExitCode = ExitCode.fine;
  const program = new Command('saga')
    .description('Shows where refunds stand, sends what persons decide, quotes refunds and checks policies.')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()
    .showHelpAfterError('(add --help for how to use it)')
    .addHelpText('after', '\nExit codes: 0 fine, 1 bad input, 2 wrong usage, 3 changes where --fail-on-change was asked for.');
  const commands: CommandGroup = {
    program,
    terminal,
    ended: (code) => {
      ended = code;
    },
  };
  addQuoteCommand(commands);
  addPolicyCommands(commands);
  addSagaCommands(commands);
  addMoneyCommands(commands);
  addJournalCommand(commands);
  addSweepCommands(commands);
  try {
    await program.parseAsync(args, { from: 'user' });
    return ended;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.fine : ExitCode.usage;
    if (!(error instanceof BadInput)) throw error;
    terminal.err(`${error.problems.join('\n')}\n`);
    return ExitCode.badInput;
  }
}
