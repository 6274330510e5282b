import { createHmac } from 'node:crypto';

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const KEY_BYTES = { least: 24, most: 64 };

/**
 * The key in a secret of the Standard Webhooks scheme: `whsec_` and the base64 of 24 to 64 bytes.
 * @throws RangeError for anything else; the message does not show it.
 */
export function signingKey(secret: string): Buffer {
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  if (key.length < KEY_BYTES.least || key.length > KEY_BYTES.most) {
    throw new RangeError(`signing secret: expected whsec_ and the base64 of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes`);
  }
  return key;
}

/** What is sent: an id that stays the same over all tries, and the exact text. */
export type Signable = { readonly id: string; readonly body: string };

/**
 * The three headers of the Standard Webhooks scheme, signed at `now` (epoch milliseconds).
 * Source: standardwebhooks.com, specification 1.0, "Signature scheme".
 */
export function signatureHeaders(key: Buffer, { id, body }: Signable, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
