import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Life and limits of access tokens; expiry is set when a token is issued. */
export const tokenSettingsSchema = z.strictObject({
  expiresInSeconds: z.number().int().min(0).default(900),
  /** Token calls within `burstWindowMs` before they are throttled; 0 means no limit. */
  burst: z.number().int().min(0).default(20),
  burstWindowMs: z.number().int().min(1).default(10_000),
});
export type TokenSettings = z.infer<typeof tokenSettingsSchema>;

/** Counts calls in a sliding window. */
export class CallRate {
  #calls: number[] = [];

  /** Whether one more call fits into `limit` per `windowMs`; a call that does not fit is not counted. A limit of 0 lets all pass. */
  allows(limit: number, windowMs: number, nowMs = Date.now()): boolean {
    this.#calls = this.#calls.filter((at) => at > nowMs - windowMs);
    if (limit > 0 && this.#calls.length >= limit) return false;
    this.#calls.push(nowMs);
    return true;
  }
}

/** Issues and checks bearer tokens. A new token leaves older ones valid until their own expiry (domain.md 5.1). */
export class TokenDesk {
  settings: TokenSettings = tokenSettingsSchema.parse({});
  readonly #expiryByToken = new Map<string, number>();
  #rate = new CallRate();

  /** A new token, or undefined when the caller asks too often. */
  issue(): { readonly access_token: string; readonly token_type: 'bearer'; readonly expires_in: number } | undefined {
    if (!this.#rate.allows(this.settings.burst, this.settings.burstWindowMs)) return undefined;
    const token = randomBytes(24).toString('base64url');
    this.#expiryByToken.set(token, Date.now() + this.settings.expiresInSeconds * 1000);
    return { access_token: token, token_type: 'bearer', expires_in: this.settings.expiresInSeconds };
  }

  /** Whether an Authorization header carries a token that is known and not expired. */
  accepts(authorization: string | undefined): boolean {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const expiry = token === undefined ? undefined : this.#expiryByToken.get(token);
    return expiry !== undefined && Date.now() < expiry;
  }

  /** Makes every token issued so far expired; returns how many there were. */
  expireAll(): number {
    const count = this.#expiryByToken.size;
    this.#expiryByToken.clear();
    return count;
  }

  /** Back to the settings of the start; tokens already issued stay valid. */
  reset(): void {
    this.settings = tokenSettingsSchema.parse({});
    this.#rate = new CallRate();
  }
}
