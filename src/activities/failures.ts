import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { WireError, type WireErrorKind } from '../clients/wire-error.ts';
import { FailureType } from '../contracts/failures.ts';

/** The one place where an error of a client becomes a failure of the closed vocabulary. */
const TYPE: Readonly<Record<WireErrorKind, FailureType>> = {
  refused: FailureType.refused,
  throttled: FailureType.throttled,
  unavailable: FailureType.unavailable,
  unknown: FailureType.unknown,
  unreadable: FailureType.unreadable,
};

/** The other side does not let us in: credentials get mended while sagas wait, so it counts as being away (domain.md 5.4). */
const NOT_LET_IN = new Set([
  'AccessDeniedError',
  'UNAUTHORIZED',
  'HTTP_401',
  'HTTP_403',
  'invalid_client', // the token endpoint's own words (RFC 6749 5.2)
  'unauthorized_client',
  'invalid_grant',
]);

/**
 * Runs one attempt with the activity's own cancellation signal. Troubles on the wire leave as `ApplicationFailure`s: with the other
 * side's advice as retry delay, and in `details` for retries that live in a workflow. Anything else is a bug and stays as it is.
 */
export async function attempt<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  try {
    return await call(Context.current().cancellationSignal);
  } catch (error) {
    throw error instanceof WireError ? failureFrom(error) : error;
  }
}

function failureFrom(error: WireError): ApplicationFailure {
  const away = error.kind === 'refused' && error.code !== null && NOT_LET_IN.has(error.code);
  const type = away ? FailureType.unavailable : TYPE[error.kind];
  const expected = type === FailureType.throttled || type === FailureType.unavailable;
  return ApplicationFailure.create({
    type,
    message: error.code === null ? error.message : `${error.code}: ${error.message}`,
    cause: error,
    details: [{ retryAfterMs: error.retryAfterMs, code: error.code }],
    ...(error.retryAfterMs === null || error.retryAfterMs === 0 ? {} : { nextRetryDelay: error.retryAfterMs }),
    ...(expected ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
