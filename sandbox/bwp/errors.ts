import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Switches } from './switches.ts';

/** The error types that Buy with Prime documents for the operations emulated here (domain.md 5.4). */
export type ErrorType =
  | 'ThrottlingError'
  | 'InternalServerError'
  | 'ConflictError'
  | 'AccessDeniedError'
  | 'ResourceNotFoundError'
  | 'ValidationError';

/** Codes that come with a ValidationError about refunds or returns (domain.md 5.4). */
export type ErrorCode =
  | 'AliasLimitExceeded'
  | 'AliasValueAlreadyExists'
  | 'DuplicateAliasId'
  | 'DuplicateRefundId'
  | 'InvalidAliasId'
  | 'InvalidRefundId'
  | 'InvalidRefundRequestReasonUpdate'
  | 'InvalidRefundStateTransition'
  | 'MissingRefundId';

/** A failure that the emulated API answers on purpose. Anything else thrown is a bug of the sandbox. */
export class ApiError extends Error {
  readonly type: ErrorType;
  readonly code: ErrorCode | undefined;

  constructor(type: ErrorType, message: string, code?: ErrorCode) {
    super(message);
    this.name = 'ApiError';
    this.type = type;
    this.code = code;
  }
}

/** A ValidationError whose message starts with the path of the field it is about. */
export function invalid(path: string, message: string, code?: ErrorCode): ApiError {
  return new ApiError('ValidationError', `${path}: ${message}`, code);
}

/** An entry of `errors` as Buy with Prime sends it: errorType and errorCode beside the message. */
export type WireError = {
  readonly path?: readonly (string | number)[];
  readonly locations?: GraphQLFormattedError['locations'];
  readonly errorType?: ErrorType;
  readonly errorCode?: ErrorCode;
  readonly errorInfo?: { readonly errorCode: ErrorCode };
  readonly extensions?: { readonly errorCode: ErrorCode };
  readonly message: string;
};

/**
 * An error of the GraphQL engine in Buy with Prime's shape (domain.md 5.4). A malformed request has no errorType; a bug of the sandbox shows as an
 * InternalServerError.
 */
export function wireErrorFrom(error: GraphQLError, codeAt: Switches['errorCodeAt']): WireError {
  const cause = error.originalError;
  const where = { ...(error.path ? { path: error.path } : {}), ...(error.locations ? { locations: error.locations } : {}) };
  if (cause instanceof ApiError) {
    const place = cause.code === undefined ? {} : codeAt === 'topLevel' ? { errorCode: cause.code } : { [codeAt]: { errorCode: cause.code } };
    return { ...where, errorType: cause.type, ...place, message: cause.message };
  }
  if (cause !== undefined && !(cause instanceof GraphQLError)) {
    return { ...where, errorType: 'InternalServerError', message: 'the sandbox itself failed; see its error output' };
  }
  return { ...where, message: error.message };
}

/** The error that is a bug of the sandbox, if `error` is one. */
export function bugIn(error: GraphQLError): Error | undefined {
  const cause = error.originalError;
  return cause === undefined || cause instanceof GraphQLError || cause instanceof ApiError ? undefined : cause;
}
