import type { Names } from '../names.ts';
import { counts, version } from './conditions.ts';
import { notification } from './notification.ts';

/** Removes a record. In: id, version or null, whether retirement is paused. Out: its id. */
export function remove(names: Names, notify: boolean): string {
  return `
DELETE FROM ${names.table} AS held
WHERE held.id = $1 AND ($2::text IS NULL OR ${version('held')} = $2)
  AND ${counts('held', '$3::boolean')}
RETURNING held.id${notify ? `,\n  ${notification(names)}` : ''}`;
}
