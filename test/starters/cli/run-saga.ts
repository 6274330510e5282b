import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saga } from '../../../src/starters/cli/saga.ts';
import type { ExitCode } from '../../../src/starters/cli/terminal.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const EXAMPLES = join(ROOT, 'docs/examples');

export type Ended = { readonly code: ExitCode; readonly out: string; readonly err: string };

/** Runs a command line in this process; `input` is its standard input, relative paths start in `folder`. */
export async function runSaga(args: readonly string[], { input = '', folder = ROOT }: { input?: string; folder?: string } = {}): Promise<Ended> {
  const [out, err]: string[][] = [[], []];
  const terminal = {
    input: () => Promise.resolve(input),
    out: (text: string) => void out?.push(text),
    err: (text: string) => void err?.push(text),
    folder,
  };
  const code = await saga(args, terminal);
  return { code, out: out?.join('') ?? '', err: err?.join('') ?? '' };
}
