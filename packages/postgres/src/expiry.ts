import type { Row } from './database.ts';
import { integer, optionalInteger } from './row.ts';

/** Whether the record no longer counted when it was read; the same rule as in `sql/conditions.ts`. */
export function isExpired(row: Row, paused: boolean): boolean {
  const copyUntil = optionalInteger(row, 'copy_until', row.copy_until);
  const overAt = copyUntil ?? optionalInteger(row, 'expires_at', row.expires_at);
  if (overAt === undefined || overAt > integer(row, 'now', row.now)) return false;
  return !(paused && row.status === 'completed' && copyUntil === undefined);
}
