/**
 * A number of a JSON text, kept as the digits that were written: a double would round `10.005` before anybody could refuse it. A symbol
 * that is described by them, so that no schema takes it for a text or for an object.
 */
export type WrittenNumber = symbol;

/** The digits; null when `value` is no number of a JSON text. */
export const digitsOf = (value: unknown): string | null => (typeof value === 'symbol' ? (value.description ?? null) : null);

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

// The third argument is in Node 24 (ECMAScript "JSON.parse source text access") and not yet in the lib that this project compiles against.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * JSON.parse with a `WrittenNumber` for every number. A byte order mark is passed over.
 * @throws SyntaxError when `text` is not JSON.
 */
export const parseWrittenJson = (text: string): unknown =>
  parse(text.replace(/^\uFEFF/, ''), (_key, value, { source }) => (typeof value === 'number' ? Symbol(source ?? String(value)) : value));

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

type Level = { readonly keys: Set<string> | null; index: number; key: string };

/**
 * Paths of keys that stand twice in one object, of which JSON.parse keeps the last and says nothing.
 * `text` must be JSON.
 */
export function repeatedKeys(text: string): (string | number)[][] {
  const found: (string | number)[][] = [];
  const levels: Level[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [at, token] of tokens.entries()) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') levels.push({ keys: token === '{' ? new Set() : null, index: 0, key: '' });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level !== undefined) level.index += 1;
    else if (token.startsWith('"') && tokens[at + 1] === ':' && level?.keys != null) {
      level.key = JSON.parse(token) as string;
      if (level.keys.has(level.key)) found.push(levels.map(({ keys, index, key }) => (keys === null ? index : key)));
      level.keys.add(level.key);
    }
  }
  return found;
}
