/** What an operation answers, before it is put on the wire. */
export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

/** A call that cannot be carried out and leaves nothing behind: thrown inside a transaction, it rolls it back. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, error: { code: string; message: string; field?: string }, extra: Readonly<Record<string, unknown>> = {}) {
    super(error.message);
    this.name = 'Refusal';
    this.answer = { status, body: { error, ...extra } };
  }
}

/** 400, with the path of the field that is wrong. */
export function invalid(field: string, message: string): Refusal {
  return new Refusal(400, { code: 'INVALID_REQUEST', message: `${field}: ${message}`, field });
}

/** A ledger version as the ETag header carries it. */
export function etagOf(version: bigint): string {
  return `"${version}"`;
}
