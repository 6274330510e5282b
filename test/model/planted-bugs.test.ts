import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Those that are found soonest; all of them: npm run planted-bugs. */
const QUICK = ['an UNKNOWN payment counts as free', 'a PENDING external refund is ignored', 'a claim is forgotten'];

describe('the model finds a mistake in a copy of the rules', () => {
  it.each(QUICK)(
    '%s',
    async (name) => {
      const { code, output } = await runCommand(process.execPath, ['tools/planted-bugs.ts', '--only', name], { cwd: ROOT, env: process.env });
      expect(output).toContain('1 of 1 found');
      expect(code).toBe(0);
    },
    60_000,
  );
});
