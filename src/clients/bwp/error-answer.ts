import { z } from 'zod';
import { type Effect, kindWithoutAnswer, type WireErrorKind } from '../wire-error.ts';
import type { AccessToken } from './access-token.ts';

/** What an answer with `errors` comes to. */
export type ErrorVerdict = {
  readonly kind: WireErrorKind;
  readonly code: string | null;
  readonly text: string;
  /** Whether any error has an errorType of domain.md 5.4, which then counts for more than the HTTP status. */
  readonly documented: boolean;
  /** Whether the access token was not good enough for some of it. */
  readonly denied: boolean;
};

const text = z.string().min(1).nullish().catch(null);
const names = z.object({ errorType: text, errorCode: text }).nullish().catch(null);
const errorEntry = z.object({
  message: text,
  path: z
    .array(z.union([z.string(), z.number()]))
    .nullish()
    .catch(null),
  errorType: text,
  errorCode: text,
  errorInfo: names,
  extensions: names,
});
type ErrorEntry = z.infer<typeof errorEntry>;

/** Meaning of each documented errorType; what is not listed, or has no type, is final and for a person (domain.md 5.4). */
const MEANINGS: Readonly<Record<string, 'throttled' | 'lost' | 'denied' | 'refused'>> = {
  ThrottlingError: 'throttled',
  InternalServerError: 'lost',
  ConflictError: 'lost',
  ConflictException: 'lost',
  AccessDeniedError: 'denied',
  ResourceNotFoundError: 'refused',
  ValidationError: 'refused',
};

/** Of several errors the one that promises least counts. */
const GRAVITY = ['lost', 'refused', 'denied', 'throttled'] as const;

/** A refusal of a token that was held before is no answer yet: the next attempt brings a new one (domain.md 5.4: new token once, then a person). */
export const kindOfDenial = (token: AccessToken): WireErrorKind => (token.fresh ? 'refused' : 'unavailable');

/**
 * Reads the `errors` of a GraphQL answer; null when there are none. The errorCode sits at top level, in `errorInfo` or in `extensions` (domain.md 5.4).
 * `rootShown`: `data` shows the root field, so a mutation has run, whatever failed behind it.
 */
export function readErrors(
  errors: unknown,
  { effect, rootShown, token }: { readonly effect: Effect; readonly rootShown: boolean; readonly token: AccessToken },
): ErrorVerdict | null {
  const entries = entriesIn(errors).map((entry) => {
    const type = entry.errorType ?? entry.errorInfo?.errorType ?? entry.extensions?.errorType ?? null;
    const code = entry.errorCode ?? entry.errorInfo?.errorCode ?? entry.extensions?.errorCode ?? null;
    return { type, code, meaning: meaningOf(type) ?? meaningOf(code), entry };
  });
  const [gravest] = entries.toSorted((a, b) => GRAVITY.indexOf(a.meaning ?? 'refused') - GRAVITY.indexOf(b.meaning ?? 'refused'));
  if (gravest === undefined) return null;
  // A path below the root field says that the root field was resolved, so a mutation ran before this failed.
  const ran = effect === 'write' && (rootShown || entries.some(({ entry }) => (entry.path?.length ?? 0) > 1));
  const meaning = gravest.meaning ?? 'refused';
  return {
    kind: ran ? 'unknown' : meaning === 'lost' ? kindWithoutAnswer(effect) : meaning === 'denied' ? kindOfDenial(token) : meaning,
    code: gravest.code ?? gravest.type,
    text:
      [gravest.type, gravest.code, gravest.entry.message]
        .filter((part) => part != null)
        .join(': ')
        .slice(0, 500) || 'an error without a text',
    documented: entries.some((entry) => entry.meaning !== undefined),
    denied: entries.some((entry) => entry.meaning === 'denied'),
  };
}

const meaningOf = (name: string | null) => (name !== null && Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined);

function entriesIn(errors: unknown): readonly ErrorEntry[] {
  if (errors === undefined || errors === null) return [];
  const list: unknown[] = Array.isArray(errors) ? errors : [errors];
  return list.map((entry) => errorEntry.safeParse(entry).data ?? errorEntry.parse({}));
}
