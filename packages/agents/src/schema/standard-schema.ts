import { invalidOption } from '@twiceproof/core/toolkit';
import type { JsonSchema } from './json-schema.ts';
import { zodSchema } from './zod-schema.ts';

/** A schema of any library that follows Standard Schema. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly types?: { readonly output: Output } | undefined;
    readonly jsonSchema?:
      | { input(options: { readonly target: 'draft-2020-12' }): unknown }
      | undefined;
  };
}

/** One schema for each field, as MCP's servers take them, too. */
export type FieldSchemas = Readonly<Record<string, StandardSchema>>;

/** The JSON Schema of what a tool takes. */
export function jsonSchemaOf(tool: string, schema: StandardSchema | FieldSchemas): JsonSchema {
  if (!('~standard' in schema)) {
    const fields = Object.entries(schema).map(([name, field]) => [name, jsonSchemaOf(tool, field)]);
    return { properties: Object.fromEntries(fields) };
  }
  const found = withDefinition(converted(schema as StandardSchema), schema);
  if (found) return found;
  throw invalidOption(
    `tool '${tool}': its inputSchema does not tell its fields; use a library with Standard JSON Schema, or give key as a function`,
  );
}

/** A JSON Schema with what only the definition of a Zod schema says, e.g. that a text is a time. */
export function withDefinition(
  found: JsonSchema | undefined,
  schema: unknown,
): JsonSchema | undefined {
  const definition = zodSchema(schema);
  if (found === undefined || definition === undefined) return found ?? definition;
  return { ...found, allOf: [...(found.allOf ?? []), definition] };
}

function converted({ '~standard': { jsonSchema } }: StandardSchema): JsonSchema | undefined {
  try {
    return jsonSchema?.input({ target: 'draft-2020-12' }) as JsonSchema | undefined;
  } catch {
    // Some types have no JSON Schema, such as dates. Their definition still says what they are.
    return undefined;
  }
}
