import { CancellationScope, log } from '@temporalio/workflow';

/** What has to be undone when a saga is cancelled: each step is named before it is taken, and does nothing if it never was. */
export class Undo {
  readonly #steps = new Map<string, () => Promise<void>>();

  /** A name that is known already stays where it is. */
  add(name: string, run: () => Promise<void>): void {
    if (!this.#steps.has(name)) this.#steps.set(name, run);
  }

  /** Its effect is final: there is nothing to undo any more. */
  drop(name: string): void {
    this.#steps.delete(name);
  }

  /** Newest first, shielded from the cancellation, past failures; answers what could not be undone. */
  unwind(): Promise<readonly string[]> {
    return CancellationScope.nonCancellable(async () => {
      const failed: string[] = [];
      for (const [name, run] of [...this.#steps].reverse()) {
        this.#steps.delete(name);
        try {
          await run();
        } catch (error) {
          failed.push(name);
          log.error('a step could not be undone', { name, error });
        }
      }
      return failed;
    });
  }
}
