import type { JsonSchema } from './json-schema.ts';

/** As much of a Zod schema's definition as is looked at: 4 writes `type`, 3 writes `typeName`. */
interface Definition {
  readonly type?: unknown;
  readonly typeName?: string;
  readonly shape?: Record<string, unknown> | (() => Record<string, unknown>);
  readonly innerType?: unknown;
  readonly schema?: unknown;
  readonly in?: unknown;
  readonly element?: unknown;
  readonly options?: readonly unknown[];
  readonly format?: string;
  readonly checks?: readonly { readonly kind?: string; readonly _zod?: { def?: Definition } }[];
}

/**
 * The fields and formats of a Zod schema, as its definition says; undefined for another schema. Versions
 * before 4.2 do not tell their JSON Schema themselves, and it leaves out that a text is a time.
 */
export function zodSchema(schema: unknown): JsonSchema | undefined {
  const definition = definitionOf(schema);
  if (definition === undefined) return undefined;
  const kind = (definition.typeName ?? `Zod${String(definition.type)}`).toLowerCase();
  const nested = (each: unknown): JsonSchema => zodSchema(each) ?? {};
  switch (kind) {
    case 'zodobject': {
      const { shape = {} } = definition;
      const fields = Object.entries(typeof shape === 'function' ? shape() : shape);
      return { properties: Object.fromEntries(fields.map(([name, each]) => [name, nested(each)])) };
    }
    case 'zodstring': {
      const format = formatOf(definition);
      return format === undefined ? {} : { format };
    }
    case 'zoddate':
      return { format: 'date-time' };
    case 'zodarray':
      return { items: nested(definition.element ?? definition.type) };
    case 'zodunion':
    case 'zoddiscriminatedunion':
      return { anyOf: [...(definition.options?.values() ?? [])].map(nested) };
    default:
      // Optional, nullable, with a default, branded, read-only, refined or transformed.
      return nested(definition.innerType ?? definition.schema ?? definition.in);
  }
}

function definitionOf(schema: unknown): Definition | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { _zod, _def } = schema as { _zod?: { def?: Definition }; _def?: Definition };
  return _zod?.def ?? _def;
}

function formatOf({ format, checks = [] }: Definition): string | undefined {
  const named = [format, ...checks.map(({ kind, _zod }) => kind ?? _zod?.def?.format)];
  const found = named.find((each) => each !== undefined && each !== 'string');
  return found === 'datetime' ? 'date-time' : found;
}
