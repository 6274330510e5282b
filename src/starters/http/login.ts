import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The secrets that an Authorization header may carry: the bearer token, or the password of HTTP basic. */
function presented(authorization: string): string | null {
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(authorization.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic': {
      const pair = Buffer.from(credentials, 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      return colon < 0 ? null : pair.slice(colon + 1);
    }
    default:
      return null;
  }
}

/** A check of Authorization headers against `token` that takes as long whatever is presented. */
export function loginCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const secret = presented(authorization ?? '');
    return timingSafeEqual(digest(secret ?? ''), expected) && secret !== null;
  };
}
