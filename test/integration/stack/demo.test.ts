import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { descendants, leftBehind } from '../../support/processes.ts';

const DEMO = fileURLToPath(new URL('../../../tools/demo/main.ts', import.meta.url));
const LOOK_EVERY_MS = 50;
const LIMIT_MS = 180_000;

type Run = { readonly code: number | null; readonly output: string; readonly seen: ReadonlySet<number> };

/** Runs the demo; `signal` is sent once its output has `when`. Answers all processes that were ever below it, and how it ended. */
async function runDemo(args: readonly string[], ending?: { readonly when: string; readonly signal: NodeJS.Signals }): Promise<Run> {
  const child = spawn(process.execPath, [DEMO, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const seen = new Set<number>();
  const looking = setInterval(() => {
    for (const pid of descendants(child.pid ?? -1)) seen.add(pid);
  }, LOOK_EVERY_MS);
  let output = '';
  let isSent = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (ending === undefined || isSent || !output.includes(ending.when)) return;
    isSent = true;
    for (const pid of descendants(child.pid ?? -1)) seen.add(pid);
    child.kill(ending.signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  return { code, output, seen };
}

describe('npm run demo', () => {
  it(
    'plays scenarios for real, exits with 0 when all is as expected, and leaves no process behind',
    async () => {
      const { code, output, seen } = await runDemo(['--only', 'b,o,r,t']);
      expect(output).toContain('6 of 6 sagas ended as expected');
      expect(output).toMatch(/b +Paid in two steps +10\.00 USD +10\.00 +4\.00 \+ 6\.00 +SUCCESS 10\.00 +DONE +ok/);
      expect(output).toMatch(/o +Denied +10\.00 USD +– +nothing +REJECTED 0\.00 +REJECTED +ok/);
      expect(output).toMatch(/r +Return, damaged +10\.00 USD +8\.00 +8\.00 +SUCCESS 8\.00 +DONE +ok/);
      expect(output).toMatch(/r +Return, damaged +return +COMPLETED +COMPLETED +DONE +ok/);
      expect(output).toMatch(/t +External refund +OMS refund +SUCCEEDED 2\.00 +SUCCESS 2\.00 +DONE +ok/);
      expect(code).toBe(0);
      expect(seen.size).toBeGreaterThanOrEqual(6);
      expect(await leftBehind(seen)).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each([
    { how: 'Ctrl-C in the middle of the start', signal: 'SIGINT', expected: 130 },
    { how: 'SIGTERM in the middle of the start', signal: 'SIGTERM', expected: 143 },
    { how: 'SIGKILL in the middle of the start', signal: 'SIGKILL', expected: null },
  ] as const)(
    'leaves no process behind after $how',
    async ({ signal, expected }) => {
      const { code, seen } = await runDemo([], { when: 'is ready', signal });
      expect(code).toBe(expected);
      expect(seen.size).toBeGreaterThanOrEqual(5);
      expect(await leftBehind(seen)).toEqual([]);
    },
    LIMIT_MS,
  );
});
