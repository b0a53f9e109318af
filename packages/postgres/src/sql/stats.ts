import type { RecordQuery } from '@twiceproof/core';
import type { Names } from '../names.ts';
import { counts, isStuck, isUnknown } from './conditions.ts';
import { type Bind, binder, filters, type Statement } from './filters.ts';

/** Counts matching records. Its cost grows with the table. Out: a row per operation and status. */
export function stats({ table }: Names, query: RecordQuery, paused: boolean): Statement {
  const params: unknown[] = [];
  const bind: Bind = binder(params);
  const conditions = [counts('held', `${bind(paused)}::boolean`), ...filters(query, bind)];
  const text = `
SELECT held.operation, held.status, count(*) AS count,
  count(*) FILTER (WHERE ${isStuck('held')}) AS stuck,
  count(*) FILTER (WHERE ${isStuck('held')} AND held.expires_at IS NULL) AS held,
  count(*) FILTER (WHERE ${isUnknown('held')}) AS unknown
FROM ${table} AS held
WHERE ${conditions.join('\n  AND ')}
GROUP BY held.operation, held.status
ORDER BY held.operation`;
  return { text, params };
}
