export type {
  PgliteClient,
  PostgresClient,
  PostgresConnection,
  PostgresNotification,
  PostgresPool,
  PostgresQueryable,
} from './client.ts';
export type { PostgresStoreOptions, PostgresTableOptions } from './options.ts';
export { type PostgresStore, postgresStore } from './postgres-store.ts';
export { setupSql } from './setup-sql.ts';
export type { SweepOptions, SweepResult } from './sweep.ts';
export {
  type Effect,
  type Transactional,
  type TransactionalOptions,
  transactional,
} from './transactional.ts';
export type { PostgresProblem, PostgresReport } from './verify.ts';
