import { CancellationScope } from '@temporalio/workflow';
import type { SagaNews } from '../contracts/messages.ts';
import { reportToCoordinator } from './saga-channel.ts';

/** News on its way to the coordinator, beside whatever the saga does next; it goes out whatever becomes of the saga. */
export class ReportsOut {
  readonly #under: Promise<void>[] = [];

  send(news: SagaNews): void {
    this.#under.push(CancellationScope.nonCancellable(() => reportToCoordinator(news)));
  }

  /** Until all of it has been taken, what was added meanwhile included. */
  async sent(): Promise<void> {
    while (this.#under.length > 0) await Promise.all(this.#under.splice(0));
  }

  get isEmpty(): boolean {
    return this.#under.length === 0;
  }
}
