/** A short name for a JSON value, the same on every machine: two 32-bit FNV-1a sums. It tells values apart and hides nothing. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(value);
  return fnv(text, 0x811c9dc5) + fnv(text, 0x7f4a7c15);
}

function fnv(text: string, start: number): string {
  let sum = start;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
