import { CancellationScope } from '@temporalio/workflow';
import type { SagaNews } from '../contracts/messages.ts';
import { reportToCoordinator } from './saga-channel.ts';

/**
 * News on its way to the coordinator, beside whatever the saga does next; it goes out whatever becomes of the saga. One after the other:
 * signals sent side by side may overtake each other, and an older report must never be the last word.
 */
export class ReportsOut {
  readonly #waiting: SagaNews[] = [];
  #sending: Promise<void> | null = null;

  send(news: SagaNews): void {
    this.#waiting.push(news);
    this.#sending ??= CancellationScope.nonCancellable(() => this.#sendAll());
  }

  /** Until all of it has been taken, what was added meanwhile included. */
  async sent(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
  }

  get isEmpty(): boolean {
    return this.#sending === null;
  }

  async #sendAll(): Promise<void> {
    try {
      for (let news = this.#waiting.shift(); news !== undefined; news = this.#waiting.shift()) await reportToCoordinator(news);
    } finally {
      this.#sending = null;
    }
  }
}
