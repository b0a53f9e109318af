import type { Names } from '../names.ts';
import { packedRecord } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { counts, version } from './conditions.ts';

/**
 * Changes when a settled record expires. In: id, milliseconds from now or null for never, version or
 * null, whether retirement is paused. Out: the changed record.
 */
export function extend({ table }: Names): string {
  return `
UPDATE ${table} AS held SET
  expires_at = clock.stamp + $2::bigint, sweep_at = clock.stamp + $2::bigint
FROM (SELECT ${stamp} AS stamp) AS clock
WHERE held.id = $1 AND held.status <> 'in_progress' AND held.copy_until IS NULL
  AND ($3::text IS NULL OR ${version('held')} = $3) AND ${counts('held', '$4::boolean')}
RETURNING ${packedRecord('held')}`;
}
