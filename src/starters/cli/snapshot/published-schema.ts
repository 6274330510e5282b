import { z } from 'zod';
import { snapshotSchema } from './snapshot.ts';
import { PUBLISHED, VALUE_DEFINITIONS } from './values.ts';

/** docs/facts.schema.json: the form that `parseSnapshot` takes, as far as JSON Schema can say it (not how many decimals a currency has). */
export function snapshotJsonSchema(): object {
  const { $schema, ...shape } = jsonSchemaOf(snapshotSchema('USD'));
  return {
    $schema,
    title: 'Facts of one order',
    description: 'What a decision stands on, as "saga quote" and "saga policy compare" read it. See quote.md.',
    ...shape,
    $defs: VALUE_DEFINITIONS,
  };
}

/** Values that choose their schema themselves are shown as the one they name for it. */
function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { [PUBLISHED]: published } = jsonSchema as { [PUBLISHED]?: unknown };
      if (!(published instanceof z.ZodType)) return;
      delete (jsonSchema as { [PUBLISHED]?: unknown })[PUBLISHED];
      const { $schema: _, ...shape } = jsonSchemaOf(published);
      Object.assign(jsonSchema, shape);
    },
  });
}
