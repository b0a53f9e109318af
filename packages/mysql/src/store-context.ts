import type { MysqlClient } from './client.ts';
import type { Statements } from './statements.ts';

/** What the store's operations share. */
export interface StoreContext {
  readonly client: MysqlClient;
  readonly table: string;
  readonly statements: Statements;
  readonly maxRecordBytes: number;
}
