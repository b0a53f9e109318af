export type { SqliteStoreOptions } from './options.ts';
export { type SqliteStore, sqliteStore } from './sqlite-store.ts';
export type { SqliteProblem, SqliteReport } from './verify.ts';
