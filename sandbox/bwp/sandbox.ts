import { CallLog } from './calls.ts';
import type { BwpSandboxConfig } from './config.ts';
import { Delivery } from './delivery.ts';
import { type EventSubject, eventMessages, type Fact } from './events.ts';
import { FaultPlan } from './faults.ts';
import { Orders } from './orders.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import { CallRate, TokenDesk } from './token.ts';

/** Everything that one emulated Buy with Prime holds. Plain state: routes and resolvers act on it. */
export class Sandbox {
  readonly config: BwpSandboxConfig;
  readonly orders = new Orders();
  readonly tokens = new TokenDesk();
  readonly faults = new FaultPlan();
  readonly calls = new CallLog();
  readonly delivery: Delivery;
  callRate = new CallRate();
  switches: Switches = defaultSwitches();
  /** Called with an error that the sandbox did not mean to make. */
  readonly onBug: (error: unknown) => void;
  /** Ends waits when the server closes. */
  readonly end = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(config: BwpSandboxConfig, onBug: (error: unknown) => void) {
    this.config = config;
    this.onBug = onBug;
    this.delivery = new Delivery({ url: config.webhookUrl ?? null, authorization: config.webhookAuth ?? null });
  }

  /** Sends one event about `subjects`; returns the event ids, one for each form. */
  emit(type: string, subjects: readonly (EventSubject | string)[]): string[] {
    const messages = eventMessages(type, subjects, this.switches);
    this.delivery.send(messages);
    return messages.map(({ eventId }) => eventId);
  }

  /** Sends an event for each fact about an order, in turn; returns the event ids. */
  tell({ businessProductId, id: orderId }: { readonly businessProductId: string; readonly id: string }, facts: readonly Fact[]): string[] {
    return facts.flatMap(({ type, about }) =>
      this.emit(
        type,
        about.map((part) => ({ businessProductId, orderId, ...part })),
      ),
    );
  }

  /** Lets a control take effect after `ms`, unless the server ends or is reset first. */
  later(ms: number, effect: () => unknown): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      try {
        effect();
      } catch (error) {
        this.onBug(error);
      }
    }, ms);
    this.#timers.add(timer);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** As new, but for issued tokens, the event destination and the request log's numbering. */
  async reset(): Promise<void> {
    this.#stopTimers();
    await this.delivery.reset();
    this.orders.clear();
    this.tokens.reset();
    this.faults.load({ seed: 1, rules: [] });
    this.calls.clear();
    this.callRate = new CallRate();
    this.switches = defaultSwitches();
  }

  async close(): Promise<void> {
    this.end.abort();
    this.#stopTimers();
    await this.delivery.close();
  }
}
