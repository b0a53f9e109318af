import type { Names } from '../names.ts';
import { now } from './clock.ts';

/** The session and the server, as the store meets them. */
export const inspectServer: string = `
SELECT current_setting('server_version_num')::integer AS server_version,
  current_setting('transaction_isolation') AS isolation,
  pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only,
  current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS durable,
  ${now} AS now`;

/** What the catalogue says of the table; all but `present` is null where there is none. */
export const inspectTable = `
SELECT held.oid IS NOT NULL AS present,
  held.relpersistence = 'u' AS unlogged,
  has_table_privilege(held.oid, 'SELECT') AND has_table_privilege(held.oid, 'INSERT')
    AND has_table_privilege(held.oid, 'UPDATE') AND has_table_privilege(held.oid, 'DELETE')
    AND has_table_privilege(to_regclass($4), 'SELECT')
    AND has_table_privilege(to_regclass($4), 'INSERT')
    AND has_table_privilege(to_regclass($4), 'UPDATE')
    AND coalesce(has_sequence_privilege(to_regclass($2), 'USAGE'), false) AS permitted,
  (SELECT count(*)::integer FROM pg_index
    JOIN pg_class AS index ON index.oid = pg_index.indexrelid
    WHERE pg_index.indrelid = held.oid AND pg_index.indisvalid
      AND index.relname = ANY ($3::text[])) AS indexes
FROM (SELECT to_regclass($1) AS oid) AS wanted
LEFT JOIN pg_class AS held ON held.oid = wanted.oid`;

/** For how long the oldest expired record has been waiting for a sweep; no row where none waits. */
export function inspectBacklog({ table }: Names): string {
  return `
SELECT ${now} - greatest(sweep_at, expires_at) AS overdue_ms FROM ${table}
WHERE sweep_at <= (SELECT ${now}) AND coalesce(copy_until, expires_at) <= (SELECT ${now})
ORDER BY sweep_at LIMIT 1`;
}
