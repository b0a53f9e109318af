import { createMigrationsTable, migrations, noteMigration } from './migrations/migrations.ts';
import { type PostgresTableOptions, tableNames } from './options.ts';

/**
 * What `setup()` executes, for teams whose applications may not create tables. Running it again is
 * harmless.
 *
 * @example
 * ```ts
 * import { setupSql } from '@twiceproof/postgres';
 *
 * console.log(setupSql({ schema: 'idempotency', table: 'records' }));
 * ```
 */
export function setupSql(options: PostgresTableOptions = {}): string {
  const names = tableNames(options);
  const statements = [
    `CREATE SCHEMA IF NOT EXISTS ${names.schema}`,
    createMigrationsTable(names),
    ...migrations.flatMap(({ version, statements }) => [
      ...statements(names),
      noteMigration(names, version),
    ]),
  ];
  return `BEGIN;\n\n${statements.join(';\n\n')};\n\nCOMMIT;\n`;
}
