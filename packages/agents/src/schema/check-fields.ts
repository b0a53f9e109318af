import { invalidOption } from '@twiceproof/core/toolkit';
import { fieldSchemas, type JsonSchema } from './json-schema.ts';
import { unstableField } from './unstable-field.ts';

interface Fields {
  readonly key: unknown;
  readonly fingerprint?: unknown;
  readonly trust?: readonly string[] | undefined;
}

/** Refuses listed fields that the input does not have, and a key of what models make up. */
export function checkFields(
  tool: string,
  { key, fingerprint, trust = [] }: Fields,
  root: JsonSchema,
): void {
  for (const [option, fields] of Object.entries({ key, fingerprint })) {
    if (!Array.isArray(fields)) continue;
    for (const path of fields) {
      if (fieldSchemas(root, path).length > 0) continue;
      throw invalidOption(
        `tool '${tool}': ${option} lists '${path}', which its input does not have; ${hint(root)}`,
      );
    }
  }
  if (!Array.isArray(key)) return;
  for (const path of trust) {
    if (key.some((listed) => path === listed || path.startsWith(`${listed}.`))) continue;
    throw invalidOption(`tool '${tool}': trust names '${path}', which key does not list`);
  }
  for (const path of key) {
    const unstable = unstableField(path, fieldSchemas(root, path), root, trust);
    if (!unstable) continue;
    throw invalidOption(
      `tool '${tool}': key lists '${unstable.path}', but ${unstable.why}, so that a repeated call would be new work; list what the work is about, e.g. an order's number, or say trust: ['${unstable.path}'] if it is the same each time`,
    );
  }
}

function hint({ properties }: JsonSchema): string {
  const names = Object.keys(properties ?? {});
  return names.length === 0 ? 'give a function of the input' : `it has ${names.join(', ')}`;
}
