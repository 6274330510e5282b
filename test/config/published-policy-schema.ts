import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const PUBLISHED = new URL('../../docs/policy.schema.json', import.meta.url);

/** What docs/policy.schema.json holds. */
export const publishedPolicySchema: unknown = JSON.parse(readFileSync(PUBLISHED, 'utf8'));

// Formats are left to the patterns beside them: they need a package of their own.
const validate = new Ajv2020({ strict: true, strictTypes: 'log', allowUnionTypes: true, validateFormats: false }).compile(
  publishedPolicySchema as object,
);

/** Whether the published schema takes a YAML text, as an editor would see it; null when it is no YAML. */
export function schemaAccepts(text: string): boolean | null {
  try {
    return validate(parse(text, { logLevel: 'error' }) ?? {});
  } catch {
    return null;
  }
}
