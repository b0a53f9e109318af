import { formsOf, type JsonSchema } from './json-schema.ts';

/** What a model makes up anew each time that it calls a tool, by the format of a field. */
const madeUpFormats = new Set([
  ...['uuid', 'guid', 'ulid', 'nanoid', 'cuid', 'cuid2', 'ksuid', 'xid'],
  ...['date', 'date-time', 'time'],
]);

/** The same by the name of a field, in lower case and without what stands between its words. */
const madeUpNames = new Set([
  ...['toolcallid', 'tooluseid', 'callid', 'requestid', 'invocationid', 'executionid', 'attemptid'],
  ...['runid', 'traceid', 'spanid', 'correlationid', 'idempotencykey', 'nonce', 'uuid', 'guid'],
  ...['datetime', 'time', 'now', 'createdat', 'requestedat', 'updatedat', 'sentat'],
]);

/** The same by the last word of a name: `note`, `orderNote`, `order_note`. */
const madeUpWords = new Set([
  ...['reason', 'reasons', 'reasoning', 'rationale', 'justification', 'explanation', 'thought'],
  ...['thoughts', 'note', 'notes', 'comment', 'comments', 'remark', 'remarks', 'memo', 'message'],
  ...['description', 'details', 'summary', 'text', 'body', 'content', 'prompt', 'instructions'],
  'timestamp',
]);

/** A field that a key must not be made of, and why. */
export interface UnstableField {
  readonly path: string;
  readonly why: string;
}

/** The first field at or below `path` that models make up, but for those that are trusted. */
export function unstableField(
  path: string,
  schemas: readonly JsonSchema[],
  root: JsonSchema,
  trusted: readonly string[],
  seen: ReadonlySet<JsonSchema> = new Set(),
): UnstableField | undefined {
  if (trusted.includes(path)) return undefined;
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (isMadeUp(name)) {
    return { path, why: `models word a field named '${name}' anew with each call` };
  }
  for (const schema of schemas) {
    if (schema.format !== undefined && madeUpFormats.has(schema.format)) {
      return { path, why: `models make up a new ${schema.format} with each call` };
    }
    // A schema may refer to itself.
    if (seen.has(schema)) continue;
    for (const [inner, below] of partsOf(path, schema)) {
      const forms = formsOf(below, root);
      const found = unstableField(inner, forms, root, trusted, new Set([...seen, schema]));
      if (found) return found;
    }
  }
  return undefined;
}

function isMadeUp(name: string): boolean {
  const words = name.match(/\p{Lu}?\p{Ll}+|\p{Lu}+|\d+/gu) ?? [];
  const last = words.at(-1)?.toLowerCase() ?? '';
  return madeUpWords.has(last) || madeUpNames.has(words.join('').toLowerCase());
}

function partsOf(path: string, schema: JsonSchema): [string, JsonSchema | boolean][] {
  const { properties = {}, items = [], prefixItems = [] } = schema;
  return [
    ...Object.entries(properties).map(([name, below]): [string, JsonSchema | boolean] => [
      `${path}.${name}`,
      below,
    ]),
    // An item is named as the list is: notes are not better for being many.
    ...[items, prefixItems].flat().map((below): [string, JsonSchema | boolean] => [path, below]),
  ];
}
