import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** All processes below `pid`, with their children's children. */
export function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] => rows.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of them runs; answers those that still do after a while. */
export async function leftBehind(pids: Iterable<number>): Promise<number[]> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const left = [...pids].filter(isAlive);
    if (left.length === 0 || Date.now() > giveUpAt) return left;
    await sleep(100);
  }
}
