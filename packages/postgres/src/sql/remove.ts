import type { Names } from '../names.ts';
import { counts, version } from './conditions.ts';

/** Removes a record. In: id, version or null, whether retirement is paused. Out: its id. */
export function remove({ table, channel }: Names, notify: boolean): string {
  return `
DELETE FROM ${table} AS held
WHERE held.id = $1 AND ($2::text IS NULL OR ${version('held')} = $2)
  AND ${counts('held', '$3::boolean')}
RETURNING held.id${notify ? `, pg_notify('${channel}', held.id) AS notified` : ''}`;
}
