export type { MysqlClient, MysqlConnection, MysqlStatement } from './client.ts';
export { type MysqlStore, mysqlStore } from './mysql-store.ts';
export type { MysqlStoreOptions } from './options.ts';
export type { MysqlProblem, MysqlReport } from './verify.ts';
