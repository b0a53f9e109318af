import { invalidOption, nodeCrypto } from '@twiceproof/core/toolkit';

/** Everything in the database that belongs to one store, validated and quoted. */
export interface Names {
  /** For messages: `public.twiceproof_records`. */
  readonly label: string;
  /** Unquoted, for comparisons with the catalogue. */
  readonly schemaName: string;
  readonly schema: string;
  readonly table: string;
  readonly fence: string;
  readonly migrations: string;
  readonly watchers: string;
  readonly recentIndex: string;
  readonly operationIndex: string;
  readonly workflowIndex: string;
  readonly sweepIndex: string;
  /** Notification channel: a plain lower-case name. */
  readonly channel: string;
  /** Advisory lock that migrations hold; one per schema. */
  readonly migrationLock: readonly [number, number];
}

const shape = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Postgres cuts names after 63 bytes; the names derived from the table's need the rest.
const longestSchema = 63;
const longestTable = 48;

export function namesOf(schema: string, table: string): Names {
  check('schema', schema, longestSchema);
  check('table', table, longestTable);
  if (schema.startsWith('pg_')) {
    throw invalidOption(
      `schema is '${schema}'; Postgres keeps names that begin with pg_ to itself`,
    );
  }
  const qualified = (name: string) => `${quoted(schema)}.${quoted(name)}`;
  return {
    label: `${schema}.${table}`,
    schemaName: schema,
    schema: quoted(schema),
    table: qualified(table),
    fence: qualified(`${table}_fence`),
    migrations: qualified(`${table}_migrations`),
    watchers: qualified(`${table}_watchers`),
    recentIndex: quoted(`${table}_recent`),
    operationIndex: quoted(`${table}_operation`),
    workflowIndex: quoted(`${table}_workflow`),
    sweepIndex: quoted(`${table}_sweep`),
    channel: `twiceproof_${digest(`${schema}.${table}`).toString('hex', 0, 8)}`,
    migrationLock: lockKey(`migrations of ${schema}`),
  };
}

/** The pair of integers that stands for `what` among advisory locks. */
export function lockKey(what: string): readonly [number, number] {
  const bytes = digest(`twiceproof ${what}`);
  return [bytes.readInt32BE(0), bytes.readInt32BE(4)];
}

function quoted(name: string): string {
  return `"${name}"`;
}

function check(option: string, name: string, longest: number): void {
  if (typeof name === 'string' && shape.test(name) && name.length <= longest) return;
  throw invalidOption(
    `${option} is ${JSON.stringify(name)}; give 1 to ${longest} ASCII letters, digits or '_', not beginning with a digit`,
  );
}

export function digest(text: string): Buffer {
  return nodeCrypto().createHash('sha256').update(text).digest();
}
