import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../tools/folder-lock.mjs';
import { aMachine, type FakeMachine } from './fake-machine.ts';

const LOCK = join(dirname(fileURLToPath(import.meta.url)), '../../tools/folder-lock.mjs');

describe('a lock folder', () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await aMachine();
  });
  afterEach(() => machine.remove());

  it('is held by one at a time', async () => {
    let inside = 0;
    const work = async (): Promise<void> => {
      const release = await lockFolder(machine.at('lock'));
      inside += 1;
      expect(inside).toBe(1);
      await access(machine.at('lock/owner.json'));
      inside -= 1;
      await release();
    };
    await Promise.all([work(), work(), work(), work()]);
    await expect(access(machine.at('lock'))).rejects.toThrow('ENOENT');
  });

  it('is taken over when its owner was killed, by one of those who wait', async () => {
    const code = `const { lockFolder } = await import(${JSON.stringify(LOCK)}); await lockFolder(${JSON.stringify(machine.at('lock'))}); console.log('held'); setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(owner.stdout, 'data');
    const waitingFor: number[] = [];
    let inside = 0;
    const work = async (): Promise<void> => {
      const release = await lockFolder(machine.at('lock'), (pid) => waitingFor.push(pid));
      inside += 1;
      expect(inside).toBe(1);
      await access(machine.at('lock/owner.json'));
      inside -= 1;
      await release();
    };
    const all = Promise.all([work(), work(), work()]);
    while (waitingFor.length < 3) await access(machine.at('lock'));
    expect(waitingFor).toEqual([owner.pid, owner.pid, owner.pid]);
    owner.kill('SIGKILL');
    await all;
  });

  (process.platform === 'linux' ? it : it.skip)('is taken over when its pid belongs to a later process', async () => {
    await mkdir(machine.at('lock'));
    await writeFile(machine.at('lock/owner.json'), JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    const release = await lockFolder(machine.at('lock'));
    await release();
  });
});
