type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

// Both are in Node 24 (ECMAScript "JSON.parse source text access") and not yet in the lib that this project compiles against.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/**
 * JSON.parse without loss: a number whose digits a double does not give back as they were written (`10.00`, `1e21`, `9007199254740993`) becomes the
 * text that was written, so that an amount is read from what was sent and never from a rounded value.
 * @throws SyntaxError when `text` is not JSON.
 */
export function parseExactJson(text: string): unknown {
  return parse(text, (_key, value, { source }) => (typeof value === 'number' && String(value) !== source ? source : value));
}

/** A JSON number with exactly these digits, for JSON.stringify. `decimal` is decimal text such as `10.00`. */
export const exactJsonNumber = (decimal: string): object => rawJSON(decimal);
