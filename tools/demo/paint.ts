import { styleText } from 'node:util';

/** Colours on a terminal that wants them, plain text otherwise. */
export type Paint = { bold(text: string): string; dim(text: string): string; bad(text: string): string; good(text: string): string };

const plain = (text: string): string => text;

export function paintFor({ isTTY, env }: { readonly isTTY: boolean; readonly env: NodeJS.ProcessEnv }): Paint {
  const unwanted = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (!isTTY || unwanted) return { bold: plain, dim: plain, bad: plain, good: plain };
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { validateStream: false });
  return { bold: style('bold'), dim: style('dim'), bad: style('red'), good: style('green') };
}
