import type { PostgresQueryable } from './client.ts';
import type { Database } from './database.ts';
import { didNothingHere, explained, isLostRace, isServerError } from './faults.ts';
import { createMigrationsTable, migrations, noteMigration } from './migrations/migrations.ts';
import type { Names } from './names.ts';

const tries = 20;

/**
 * Applies what is missing, in one transaction. Processes that do so at once take turns at an advisory
 * lock; what the lock does not cover, such as somebody else who creates the schema, is tried again.
 */
export async function migrate(database: Database, names: Names): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await database.transaction((tx) => applyMissing(tx, names));
      return;
    } catch (error) {
      const mayPass = isDuplicate(error) || isLostRace(error) || didNothingHere(error);
      if (tried === tries || !mayPass) throw explained(error, names);
    }
  }
}

async function applyMissing(tx: PostgresQueryable, names: Names): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', [...names.migrationLock]);
  const applied = await appliedVersions(tx, names);
  const missing = migrations.filter(({ version }) => !applied.has(version));
  // A role that may not create anything can still call setup(), once another one has done the work.
  if (missing.length === 0) return;
  if (!(await schemaExists(tx, names)))
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`);
  await tx.query(createMigrationsTable(names));
  for (const { version, statements } of missing) {
    for (const statement of statements(names)) await tx.query(statement);
    await tx.query(noteMigration(names, version));
  }
}

async function appliedVersions(
  tx: PostgresQueryable,
  { migrations: table }: Names,
): Promise<ReadonlySet<number>> {
  const { rows } = await tx.query('SELECT count(to_regclass($1)) AS found', [table]);
  if (Number((rows[0] as { found: unknown }).found) === 0) return new Set();
  const { rows: versions } = await tx.query(`SELECT version FROM ${table}`);
  return new Set(versions.map((row) => Number((row as { version: unknown }).version)));
}

async function schemaExists(tx: PostgresQueryable, { schemaName }: Names): Promise<boolean> {
  const { rows } = await tx.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schemaName]);
  return rows.length > 0;
}

/** Unique violation in a catalogue, duplicate schema, table, object. */
function isDuplicate(error: unknown): boolean {
  return isServerError(error) && /^(?:23505|42P06|42P07|42710)$/.test(error.code);
}
