/** Why a message from outside is not taken: it would be refused again, however often it is sent. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: 'INVALID_EVENT' | 'INVALID_NOTICE' | 'INVALID_ID' | 'FOREIGN_BUSINESS_PRODUCT';
  /** JSON path of the bad field; of an id in a URL its name, `path.orderId`. */
  readonly field: string;

  constructor(code: Refusal['code'], field: string, expectedAndFound: string) {
    super(`${field}: ${expectedAndFound}`);
    this.code = code;
    this.field = field;
  }
}

/** A JSON path: `$.resources[0]`, `$['detail-type']`. */
export const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return /^[A-Za-z_]\w*$/.test(String(part)) ? `${text}.${String(part)}` : `${text}['${String(part)}']`;
  }, '$');

const LONGEST_SHOWN = 120;

/** A value for a message: short texts as they are, of anything else only what it is. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
