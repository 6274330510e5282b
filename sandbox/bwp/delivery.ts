import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { EventMessage } from './events.ts';
import { type Random, seededRandom, shuffled } from './random.ts';

const milliseconds = z.number().int().min(0).max(3_600_000);

/** Where and how events are delivered. Chances are drawn from one seeded stream, so that a schedule can be played again. */
export const deliverySchema = z.strictObject({
  /** Destination; without one events are only logged. */
  url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** Value of the Authorization header, if the destination wants one. */
  authorization: z.string().min(1).nullable().default(null),
  seed: z.number().int().default(1),
  /** Further copies of each message. */
  duplicate: z.number().int().min(0).max(100).default(0),
  /** Wait before a message is sent: a number, or a range from which it is drawn for each copy. Shuffled messages do not wait. */
  delayMs: z
    .union([milliseconds.transform((ms) => ({ min: ms, max: ms })), z.strictObject({ min: milliseconds, max: milliseconds })])
    .refine(({ min, max }) => min <= max, { error: 'expected min <= max' })
    .default({ min: 0, max: 0 }),
  /** Chance that a copy is never sent. */
  drop: z.number().min(0).max(1).default(0),
  /** Collect this many copies, or as many as come within `shuffleWithinMs`, and send them one by one in a drawn order; 0 or 1 sends at once. */
  shuffle: z.number().int().min(0).max(1000).default(0),
  shuffleWithinMs: milliseconds.default(1000),
  /** Attempts until a 2xx answer, the wait after the first failure (doubled each time, at most 10 s), and the time for an answer. */
  maxAttempts: z.number().int().min(1).max(1000).default(30),
  backoffMs: milliseconds.default(200),
  timeoutMs: z.number().int().min(1).max(600_000).default(10_000),
});

export type DeliverySettings = z.infer<typeof deliverySchema>;

/** What became of one copy of a message. */
export type DeliveryRecord = {
  readonly number: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly form: EventMessage['form'];
  readonly resources: readonly string[];
  readonly body: EventMessage['body'];
  readonly copy: number;
  readonly createdAt: string;
  readonly attempts: { readonly at: string; readonly status?: number; readonly error?: string }[];
  outcome: 'pending' | 'delivered' | 'dropped' | 'gave-up' | 'no-destination' | 'ended';
};

/** Records kept in the log. */
const KEPT = 10_000;

/** Copies that wait to be shuffled; `full` ends the wait. */
type Batch = { readonly records: DeliveryRecord[]; readonly full: AbortController };
const emptyBatch = (): Batch => ({ records: [], full: new AbortController() });

/** Sends events to the destination with the faults that a tester asked for, and keeps a log. One instance lives as long as its server. */
export class Delivery {
  settings: DeliverySettings;
  readonly #initial: DeliverySettings;
  #random: Random;
  #log: DeliveryRecord[] = [];
  #held = emptyBatch();
  #numbers = 0;
  #end = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(initial: Partial<DeliverySettings>) {
    this.#initial = deliverySchema.parse(initial);
    this.settings = this.#initial;
    this.#random = seededRandom(this.settings.seed);
  }

  /** Changes some settings. The random stream starts anew when the change names a seed. */
  configure(change: Partial<DeliverySettings>): void {
    this.settings = deliverySchema.parse({ ...this.settings, ...change });
    if (change.seed !== undefined) this.#random = seededRandom(change.seed);
  }

  get log(): readonly DeliveryRecord[] {
    return this.#log;
  }

  /** Hands messages over for delivery and returns at once. */
  send(messages: readonly EventMessage[]): void {
    for (const message of messages) {
      for (let copy = 0; copy <= this.settings.duplicate; copy += 1) this.#accept(message, copy);
    }
  }

  /** Resolves when nothing is held, waiting or under way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Ends what is under way, forgets the log and returns to the settings of the start; the destination stays. */
  async reset(): Promise<void> {
    await this.close();
    this.#end = new AbortController();
    this.#log = [];
    this.#held = emptyBatch();
    const { url, authorization } = this.settings;
    this.settings = { ...this.#initial, url, authorization };
    this.#random = seededRandom(this.settings.seed);
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.idle();
  }

  #accept({ eventId, eventType, form, resources, body }: EventMessage, copy: number): void {
    this.#numbers += 1;
    const number = this.#numbers;
    const record: DeliveryRecord = {
      ...{ number, eventId, eventType, form, resources, body, copy },
      createdAt: new Date().toISOString(),
      attempts: [],
      outcome: 'pending',
    };
    this.#log.push(record);
    if (this.#log.length > KEPT) this.#log.shift();
    const { drop, delayMs, shuffle, shuffleWithinMs } = this.settings;
    const isDropped = this.#random() < drop;
    const waitMs = delayMs.min + Math.floor(this.#random() * (delayMs.max - delayMs.min + 1));
    if (this.settings.url === null) record.outcome = 'no-destination';
    else if (isDropped) record.outcome = 'dropped';
    else if (shuffle > 1) this.#hold(record, shuffle, shuffleWithinMs);
    else this.#run(() => this.#deliver(record, waitMs));
  }

  #hold(record: DeliveryRecord, size: number, withinMs: number): void {
    if (this.#held.records.length === 0) {
      const batch = emptyBatch();
      this.#held = batch;
      this.#run(async () => {
        await this.#pause(withinMs, batch.full.signal);
        await this.#sendShuffled(batch);
      });
    }
    const batch = this.#held;
    batch.records.push(record);
    if (batch.records.length < size) return;
    this.#held = emptyBatch();
    batch.full.abort();
  }

  async #sendShuffled(batch: Batch): Promise<void> {
    if (this.#held === batch) this.#held = emptyBatch();
    for (const record of shuffled(batch.records, this.#random)) {
      const isDone = await this.#attempt(record);
      if (!isDone) this.#run(() => this.#deliver(record, this.settings.backoffMs));
    }
  }

  async #deliver(record: DeliveryRecord, waitMs: number): Promise<void> {
    await this.#pause(waitMs);
    let backoffMs = this.settings.backoffMs;
    while (!(await this.#attempt(record))) {
      await this.#pause(backoffMs);
      backoffMs = Math.min(backoffMs * 2, 10_000);
    }
  }

  /** One try; true when the copy needs no other. */
  async #attempt(record: DeliveryRecord): Promise<boolean> {
    const { url, authorization, timeoutMs, maxAttempts } = this.settings;
    if (url === null || this.#end.signal.aborted) {
      record.outcome = 'ended';
      return true;
    }
    const at = new Date().toISOString();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
        body: JSON.stringify(record.body),
        signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      record.attempts.push({ at, status: response.status });
      if (response.ok) record.outcome = 'delivered';
    } catch (error) {
      record.attempts.push({ at, error: error instanceof Error ? String(error.cause ?? error) : String(error) });
      if (this.#end.signal.aborted) record.outcome = 'ended';
    }
    if (record.outcome === 'pending' && record.attempts.length >= maxAttempts) record.outcome = 'gave-up';
    return record.outcome !== 'pending';
  }

  /** Waits, but not beyond the end of the server or what `cut` announces. */
  async #pause(ms: number, cut?: AbortSignal): Promise<void> {
    const signal = cut ? AbortSignal.any([this.#end.signal, cut]) : this.#end.signal;
    if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  #run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
