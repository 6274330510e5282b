import { z } from 'zod';
import { decimalsOf } from '../domain/currency.ts';
import { AMOUNTS, LIMITS, POLICY_FILE } from './policy-shape.ts';
import { isCurrency } from './policy-values.ts';

/**
 * The JSON Schema (2020-12) of a policy file, for editors and checks elsewhere. It cannot say all that the reader asks for: one setting
 * twice, how an unquoted number is written, and what two settings allow together are seen by the reader only.
 */
export function policySchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(POLICY_FILE, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === AMOUNTS || zodSchema === LIMITS) byCurrency(jsonSchema, zodSchema === LIMITS);
      if (jsonSchema.$ref !== undefined) keepOnly(jsonSchema, ['$ref', 'description']); // a described copy repeats part of what it refers to
    },
  });
  const shared = Object.keys(schema.$defs?.['settings']?.properties ?? {}).map((name) => [name, { $ref: `#/$defs/settings/properties/${name}` }]);
  return {
    ...schema,
    properties: { ...schema.properties, ...Object.fromEntries(shared) },
    $id: 'urn:bwp-saga:policy',
    title: 'Policy of bwp-saga',
    description: 'The merchant’s choices that decisions on refunds depend on. docs/policy.md says what each means.',
  };
}

function keepOnly(schema: z.core.JSONSchema.BaseSchema, names: readonly string[]): void {
  for (const name of Object.keys(schema)) if (!names.includes(name)) delete schema[name];
}

/** One pattern of amounts for all currencies of a number of decimals, in place of one for any currency. */
function byCurrency(schema: z.core.JSONSchema.BaseSchema, mayBeNone: boolean): void {
  const codes = currencies();
  const patterns = [...new Set(codes.map(decimalsOf))]
    .sort((a, b) => a - b)
    .map((decimals) => [`^(${codes.filter((code) => decimalsOf(code) === decimals).join('|')})$`, amountOf(decimals, mayBeNone)]);
  delete schema.propertyNames;
  Object.assign(schema, { patternProperties: Object.fromEntries(patterns), additionalProperties: false });
}

function amountOf(decimals: number, mayBeNone: boolean): object {
  const text = { type: 'string', pattern: decimals === 0 ? '^\\d{1,16}(\\.0+)?$' : `^\\d{1,16}(\\.\\d{1,${decimals}}0*)?$` };
  const number = { type: decimals === 0 ? 'integer' : 'number', minimum: 0 };
  return { anyOf: [...(mayBeNone ? [{ const: 'none' }] : []), text, number] };
}

/** Every code that the domain knows the decimals of. */
function currencies(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => `${a}${b}${c}`))).filter(isCurrency);
}
