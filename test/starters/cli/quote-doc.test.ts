import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXAMPLES, ROOT, runSaga } from './run-saga.ts';

/**
 * docs/quote.md shows nothing that the commands do not print. With BWP_SAGA_WRITE_DOCS=1 the blocks are written anew; look at the
 * difference then, since these outputs are promises.
 */
const FILE = join(ROOT, 'docs/quote.md');
const BLOCK = /```console\n([\s\S]*?)```/g;
const COMMAND = /^\$ (?:echo '(?<input>.*)' \| )?npm run -s saga -- (?<args>.*)$/;

async function played(block: string): Promise<string> {
  const commands = block.split('\n').filter((line) => line.startsWith('$ '));
  const outputs = commands.map(async (line) => {
    const { input, args } = COMMAND.exec(line)?.groups ?? {};
    if (args === undefined) throw new Error(`docs/quote.md: expected a saga command, found ${line}`);
    const { out, err } = await runSaga(args.split(' '), { input: input ?? '' });
    return `${line}\n${out}${err}`;
  });
  return (await Promise.all(outputs)).join('');
}

async function asPrinted(text: string): Promise<string> {
  const blocks = [...text.matchAll(BLOCK)].map((match) => match[1] ?? '');
  const outputs = await Promise.all(blocks.map(played));
  const example = readFileSync(join(EXAMPLES, 'clean-refund.json'), 'utf8');
  return text
    .replace(BLOCK, () => `\`\`\`console\n${outputs.shift() ?? ''}\`\`\``)
    .replace(/```json\n[\s\S]*?```/, () => `\`\`\`json\n${example}\`\`\``);
}

describe('docs/quote.md', () => {
  it('shows just what the commands print, and the example as it is', async () => {
    const text = readFileSync(FILE, 'utf8');
    const printed = await asPrinted(text);
    if (process.env['BWP_SAGA_WRITE_DOCS'] === '1') writeFileSync(FILE, printed);
    else expect(text).toEqual(printed);
  });
});
