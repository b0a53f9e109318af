import type { Names } from '../names.ts';
import { now } from './clock.ts';

/**
 * Deletes records that expired, and moves the rest of what was due to when it will: renewals, and mostly
 * settlements, leave `sweep_at` as the claim wrote it. Passes by what others are writing. In: how many to
 * look at. Out: how many were due, and how many of them were deleted.
 */
export function sweep({ table }: Names): string {
  return `
WITH due AS MATERIALIZED (
  SELECT id, coalesce(copy_until, expires_at) AS over_at
  FROM ${table}
  WHERE sweep_at <= (SELECT ${now})
  ORDER BY sweep_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED
), clock AS MATERIALIZED (
  SELECT ${now} AS now
), deleted AS (
  DELETE FROM ${table} AS held USING due, clock
  WHERE held.id = due.id AND due.over_at <= clock.now
  RETURNING 1
), postponed AS (
  UPDATE ${table} AS held SET sweep_at = due.over_at FROM due, clock
  WHERE held.id = due.id AND (due.over_at <= clock.now) IS NOT TRUE
  RETURNING 1
)
SELECT (SELECT count(*) FROM due) AS due, (SELECT count(*) FROM deleted) AS deleted`;
}
