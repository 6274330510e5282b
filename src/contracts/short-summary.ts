const SUMMARY_BYTES = 200;

/** Temporal keeps short summaries only, counted in bytes of UTF-8; a longer text ends in an ellipsis. */
export function shortSummary(given: string): string {
  // Half characters cannot be encoded; what is far too long is cut before it is counted.
  const text = given.slice(0, 4 * SUMMARY_BYTES).replace(/\p{Cs}/gu, '\ufffd');
  if (utf8Length(text) <= SUMMARY_BYTES) return text;
  const kept = [...text];
  while (utf8Length(`${kept.join('')}…`) > SUMMARY_BYTES) kept.pop();
  return `${kept.join('')}…`;
}

const utf8Length = (text: string): number => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, '.').length;
