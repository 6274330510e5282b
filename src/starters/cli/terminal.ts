import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What a command needs of the process that runs it. */
export type Terminal = {
  /** All of standard input. */
  readonly input: () => Promise<string>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where relative paths start. */
  readonly folder: string;
};

/** How `saga` ends; a script can rely on these. */
export const ExitCode = { fine: 0, badInput: 1, usage: 2, changed: 3 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What was handed in cannot be used: one line for each problem, naming where it is, what is expected and what was found. */
export class BadInput extends Error {
  override name = 'BadInput';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

export const pathFrom = (terminal: Terminal, path: string): string => resolve(terminal.folder, path);

/**
 * A file's text; `-` is standard input.
 * @throws BadInput when it cannot be read.
 */
export async function readText(terminal: Terminal, path: string): Promise<string> {
  if (path === '-') return terminal.input();
  try {
    return readFileSync(pathFrom(terminal, path), 'utf8');
  } catch (error) {
    throw new BadInput([`${path}: expected a file that can be read, found ${codeOf(error)}`]);
  }
}

export const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? String(error);

/** How problems name it. */
export const sourceName = (path: string): string => (path === '-' ? 'standard input' : path);
