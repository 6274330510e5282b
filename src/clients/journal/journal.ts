/** One entry as it is kept: JSON in one line, under the id by which readers drop repeats. */
export type JournalLine = { readonly id: string; readonly json: string };

/**
 * Where entries are kept for good. Appending is done when they are safe; an append that failed may have kept some of them, and is repeated
 * as a whole.
 * @throws WireError
 */
export type Journal = (lines: readonly JournalLine[], signal: AbortSignal) => Promise<void>;
