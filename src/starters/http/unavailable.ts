/** What did not answer in time: Temporal itself, or the workers behind it. The same request may work later. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly code: 'TEMPORAL_UNAVAILABLE' | 'WORKER_UNAVAILABLE';

  constructor(code: Unavailable['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
