/** Less than zero where `a` comes first: texts by code units, the same on every machine. */
export const compare = <Value extends string | bigint>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
