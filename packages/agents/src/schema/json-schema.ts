/** As much of a JSON Schema as is looked at. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean | readonly (JsonSchema | boolean)[];
  readonly prefixItems?: readonly (JsonSchema | boolean)[];
  readonly anyOf?: readonly (JsonSchema | boolean)[];
  readonly oneOf?: readonly (JsonSchema | boolean)[];
  readonly allOf?: readonly (JsonSchema | boolean)[];
  readonly [definitions: string]: unknown;
}

/** A schema and everything that it may be: its alternatives, its parts, and what it refers to. */
export function formsOf(schema: JsonSchema | boolean | undefined, root: JsonSchema): JsonSchema[] {
  const forms = new Set<JsonSchema>();
  const collect = (each: JsonSchema | boolean | undefined): void => {
    if (typeof each !== 'object' || each === null || forms.has(each)) return;
    forms.add(each);
    if (typeof each.$ref === 'string') collect(referred(each.$ref, root));
    for (const part of [each.anyOf, each.oneOf, each.allOf].flatMap((all) => all ?? []))
      collect(part);
  };
  collect(schema);
  return [...forms];
}

/** The schemas of a field, by its path; empty if there is no such field. */
export function fieldSchemas(root: JsonSchema, path: string): JsonSchema[] {
  let schemas: (JsonSchema | boolean)[] = [root];
  for (const name of path.split('.')) {
    schemas = schemas
      .flatMap((schema) => formsOf(schema, root))
      .flatMap(({ properties, additionalProperties }) => {
        if (properties && Object.hasOwn(properties, name)) return [properties[name]!];
        return typeof additionalProperties === 'object' ? [additionalProperties] : [];
      });
  }
  return schemas.flatMap((schema) => (schema === true ? [{}] : formsOf(schema, root)));
}

/** References are pointers into the schema itself: `#/$defs/Order`. */
function referred(reference: string, root: JsonSchema): JsonSchema | undefined {
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const segment of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | undefined)?.[name];
  }
  return found as JsonSchema | undefined;
}
