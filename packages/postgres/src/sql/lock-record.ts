import { lockKey } from '../names.ts';

/**
 * Takes turns for a record id until the transaction ends, whether or not anybody can see the record.
 * In: the two keys of the lock, and how many milliseconds to wait at most. Out: the lock timeout that
 * was in force before, for what follows in the transaction, and the process that serves it.
 */
export const lockRecord = `
SELECT before, pg_backend_pid() AS pid, pg_advisory_xact_lock($1, $2) AS locked
FROM (
  SELECT before, set_config('lock_timeout', $3, true) AS waiting
  FROM (SELECT current_setting('lock_timeout') AS before OFFSET 0) AS settings
  OFFSET 0
) AS changed`;

export function lockRecordParams(label: string, id: string, waitMs: number): unknown[] {
  return [...lockKey(`record ${label} ${id}`), String(Math.max(1, Math.ceil(waitMs)))];
}
