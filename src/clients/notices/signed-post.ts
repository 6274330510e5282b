import { exchange, failureOfStatus } from '../http-call.ts';
import { type Signable, signatureHeaders, signingKey } from './signature.ts';

export type SignedPostConfig = {
  readonly url: string;
  /** `whsec_…`, shared with the receiver. */
  readonly secret: string;
  /** For one whole exchange. */
  readonly timeLimitMs?: number;
};

/** One attempt to bring one signed message to the receiver. @throws WireError unless it was answered with 2xx. */
export type SignedPost = (message: Signable & { readonly what: string }, signal: AbortSignal) => Promise<void>;

const TIME_LIMIT_MS = 5_000;

/** @throws RangeError when the secret is none of the scheme's. */
export function createSignedPost({ url, secret, timeLimitMs = TIME_LIMIT_MS }: SignedPostConfig): SignedPost {
  const key = signingKey(secret);
  return async ({ what, ...message }, signal) => {
    const answer = await exchange({
      what,
      // Receivers drop repeats by id: an answer that was lost is no doubt, only another try.
      effect: 'read',
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signatureHeaders(key, message, Date.now()) },
      body: message.body,
      timeLimitMs,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw failureOfStatus(answer, { what, effect: 'read' });
  };
}
