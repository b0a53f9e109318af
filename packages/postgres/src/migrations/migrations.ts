import type { Names } from '../names.ts';
import { records } from './001-records.ts';

export interface Migration {
  readonly version: number;
  /** Statements; all of a migration are applied in one transaction. */
  readonly statements: (names: Names) => readonly string[];
}

/** In order. A migration that was published is never changed; what follows is a new one. */
export const migrations: readonly Migration[] = [{ version: 1, statements: records }];

export function createMigrationsTable(names: Names): string {
  return `CREATE TABLE IF NOT EXISTS ${names.migrations} (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`;
}

export function noteMigration(names: Names, version: number): string {
  return `INSERT INTO ${names.migrations} (version) VALUES (${version}) ON CONFLICT DO NOTHING`;
}
