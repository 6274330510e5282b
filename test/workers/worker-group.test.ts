import { describe, expect, it } from '@jest/globals';
import { WorkerGroup } from '../../src/workers/worker-group.ts';

type State = 'INITIALIZED' | 'RUNNING' | 'STOPPED' | 'STOPPING' | 'DRAINING' | 'DRAINED' | 'FAILED';

/** Runs until it is shut down, or fails when `fail` is called: what a worker of the SDK does as seen from its group. */
class Member {
  state: State = 'INITIALIZED';
  #end: { stop: () => void; fail: (error: Error) => void } | null = null;

  run(): Promise<void> {
    this.state = 'RUNNING';
    return new Promise((resolve, reject) => {
      this.#end = { stop: resolve, fail: reject };
    });
  }
  shutdown(): void {
    if (this.state !== 'RUNNING') throw new Error(`expected a running worker, found ${this.state}`);
    this.state = 'STOPPED';
    this.#end?.stop();
  }
  fail(error: Error): void {
    this.state = 'FAILED';
    this.#end?.fail(error);
  }
  getState(): State {
    return this.state;
  }
}

describe('the workers of a process', () => {
  it('run, and end together when they are asked to', async () => {
    const members = [new Member(), new Member(), new Member()];
    const group = new WorkerGroup(members);
    expect(group.getState()).toBe('INITIALIZED');
    const running = group.run();
    expect(group.getState()).toBe('RUNNING');
    group.shutdown();
    await running;
    expect(members.map(({ state }) => state)).toEqual(['STOPPED', 'STOPPED', 'STOPPED']);
    expect(group.getState()).toBe('STOPPED');
    expect(() => group.shutdown()).not.toThrow();
  });

  it('end together when one fails, with its failure', async () => {
    const members = [new Member(), new Member()] as const;
    const group = new WorkerGroup(members);
    const running = group.run();
    members[1].fail(new Error('lost'));
    await expect(running).rejects.toThrow('lost');
    expect(members.map(({ state }) => state)).toEqual(['STOPPED', 'FAILED']);
    expect(group.getState()).toBe('FAILED');
  });

  it.each<[State[], string]>([
    [['RUNNING', 'INITIALIZED'], 'INITIALIZED'],
    [['RUNNING', 'DRAINING', 'STOPPED'], 'DRAINING'],
    [['RUNNING', 'STOPPED'], 'STOPPING'],
    [['FAILED', 'RUNNING'], 'FAILED'],
    [['STOPPED', 'FAILED'], 'FAILED'],
  ])('are ready only when all are: %j is %s', (states, together) => {
    const members = states.map((state) => Object.assign(new Member(), { state }));
    expect(new WorkerGroup(members).getState()).toBe(together);
  });
});
