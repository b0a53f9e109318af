/**
 * The table, as the readme's "Record format" says it, and every statement on it. A write names the row that it
 * has read by `seq` and `rev`, so that one that comes late changes nothing.
 */
export interface Statements {
  readonly setup: string;
  readonly read: string;
  readonly page: string;
  readonly add: string;
  readonly change: string;
  /** The same, of a record that has not expired by the time of the write: one that comes later than another
   * try, to which it was over, changes nothing. */
  readonly changeOwn: string;
  readonly replace: string;
  readonly remove: string;
  readonly sweep: string;
}

/** Bytes of the longest id, as JSON. */
export const longestId = 2_048;

/** Milliseconds, whatever the time zone of the session, and whether its hour comes twice. */
export const now = `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000`;

export function statementsFor(name: string): Statements {
  const table = name.replace(/[^.]+/g, '`$&`');
  const here = 'seq = CAST(? AS UNSIGNED) AND rev = CAST(? AS UNSIGNED)';
  const change = `UPDATE ${table} SET rev = rev + 1, expires_at = ?, record = ?, outcome = ? WHERE ${here}`;
  return {
    setup: `CREATE TABLE IF NOT EXISTS ${table} (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  rev BIGINT UNSIGNED NOT NULL DEFAULT 0,
  id VARBINARY(${longestId}) NOT NULL,
  expires_at BIGINT NULL,
  record LONGBLOB NOT NULL,
  outcome LONGBLOB NULL,
  UNIQUE KEY twiceproof_id (id),
  KEY twiceproof_expiry (expires_at)
) ENGINE = InnoDB`,
    // One row, always: who asks for a record that is not there has to know the time as well.
    read: `SELECT ${now} AS now, @@autocommit AS autocommit, held.seq, held.rev, held.record,
  held.outcome, LENGTH(held.outcome) AS bytes
FROM (SELECT 1) AS one LEFT JOIN ${table} AS held ON held.id = ?`,
    page: `SELECT ${now} AS now, @@autocommit AS autocommit, held.seq, held.rev, held.record,
  held.bytes
FROM (SELECT 1) AS one LEFT JOIN (
  SELECT seq, rev, record, LENGTH(outcome) AS bytes FROM ${table} WHERE seq < CAST(? AS UNSIGNED)
  ORDER BY seq DESC LIMIT 1000
) AS held ON TRUE
ORDER BY held.seq DESC`,
    add: `INSERT INTO ${table} (id, expires_at, record) VALUES (?, ?, ?)`,
    change,
    changeOwn: `${change} AND (expires_at IS NULL OR expires_at > ${now})`,
    replace: `DELETE FROM ${table} WHERE ${here}`,
    remove: `DELETE FROM ${table} WHERE id = ?`,
    sweep: `DELETE FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT 300`,
  };
}
