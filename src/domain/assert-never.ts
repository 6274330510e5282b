/**
 * Marks a `switch` as complete. It also throws, since values come back through JSON from code that may be newer than this.
 * @throws TypeError naming the value nobody handled.
 */
export function assertNever(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
