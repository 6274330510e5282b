import type { Command } from 'commander';
import type { ExitCode, Terminal } from './terminal.ts';

/** What a file of commands is added to. */
export type CommandGroup = {
  readonly program: Command;
  readonly terminal: Terminal;
  /** How the process ends; `fine` unless a command says otherwise. */
  readonly ended: (code: ExitCode) => void;
};
