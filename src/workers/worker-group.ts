import type { Worker } from '@temporalio/worker';
import type { WorkerState } from './health-server.ts';

type Member = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/** The workers of one process: they run, drain and end together. */
export class WorkerGroup {
  readonly #workers: readonly Member[];

  constructor(workers: readonly Member[]) {
    this.#workers = workers;
  }

  /** @throws the failure of the first that fails, once the others have ended too. */
  async run(): Promise<void> {
    const runs = this.#workers.map(async (worker) => {
      try {
        await worker.run();
      } finally {
        this.shutdown();
      }
    });
    await Promise.allSettled(runs);
    await Promise.all(runs);
  }

  /** Lets running tasks finish. Does nothing for a worker that is not running. */
  shutdown(): void {
    for (const worker of this.#workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }

  /** RUNNING or STOPPED when all are, FAILED when one is; on the way between, the state of one that is on its way. */
  getState(): Exclude<WorkerState, null> {
    const states = this.#workers.map((worker) => worker.getState());
    const [first = 'STOPPED'] = states;
    if (states.includes('FAILED')) return 'FAILED';
    if (states.every((state) => state === first)) return first;
    return states.find((state) => state !== 'RUNNING' && state !== 'STOPPED') ?? 'STOPPING';
  }
}
