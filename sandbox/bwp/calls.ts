/** One API call as the sandbox saw it; `outcome` is `ok`, an error such as `ValidationError/InvalidRefundId`, or the fault that cut it off. */
export type CallRecord = {
  readonly number: number;
  readonly at: string;
  operation: string;
  orderId?: string;
  apiVersion?: string;
  targetId?: string;
  arguments?: unknown;
  fault?: string;
  outcome: string;
  durationMs?: number;
};

/** Calls kept; a load run would otherwise fill the memory. */
const KEPT = 10_000;

/** The log of the latest API calls, oldest first. It holds no credentials. */
export class CallLog {
  #records: CallRecord[] = [];
  #numbers = 0;

  /** A new record in the log, to be completed as the call goes on. */
  open(operation: string): CallRecord {
    this.#numbers += 1;
    const record: CallRecord = { number: this.#numbers, at: new Date().toISOString(), operation, outcome: 'running' };
    this.#records.push(record);
    if (this.#records.length > KEPT) this.#records.shift();
    return record;
  }

  get records(): readonly CallRecord[] {
    return this.#records;
  }

  clear(): void {
    this.#records = [];
  }
}
