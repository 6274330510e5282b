import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A schema of docs/, as it stands there. */
export function publishedSchema(name: 'facts' | 'quote' | 'policy-compare') {
  const file = new URL(`../../../docs/${name}.schema.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
  return {
    schema,
    /** Paths and messages; empty when the value fits. */
    problems: (value: unknown): string[] => (validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)),
  };
}
