/** A statement, and how its answer is wanted, whatever the pool was told. */
export interface MysqlStatement {
  sql: string;
  values: unknown[];
  rowsAsArray: boolean;
  nestTables: boolean;
  namedPlaceholders: boolean;
  typeCast: boolean;
}

/** A connection of mysql2/promise, as far as the store uses it. */
export interface MysqlConnection {
  execute(statement: MysqlStatement): Promise<readonly [unknown, ...unknown[]]>;
  query(statement: string): Promise<unknown>;
  release(): void;
  destroy(): void;
}

/** A pool of mysql2/promise, as far as the store uses it. */
export interface MysqlClient {
  getConnection(): Promise<MysqlConnection>;
}
