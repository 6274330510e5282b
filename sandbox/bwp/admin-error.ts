/** A refusal of an admin call, answered as `{ error }` with its HTTP status: 400 not understood, 404 not there, 409 clashes with what is there. */
export class AdminError extends Error {
  readonly statusCode: 400 | 404 | 409;

  constructor(statusCode: 400 | 404 | 409, message: string) {
    super(message);
    this.name = 'AdminError';
    this.statusCode = statusCode;
  }
}
