import type { Row } from '../database.ts';
import type { Names } from '../names.ts';
import { integer } from '../row.ts';
import { packedRecord } from '../row-formats.ts';
import { type Extent, texts } from './items.ts';

/**
 * Reads records, also expired ones, with their outcomes. In: the id or an array of ids, and how large an outcome
 * may be to be answered; null for any.
 */
export function read({ table }: Names, extent: Extent): string {
  return `
SELECT ${packedRecord('held', small)}
FROM ${table} AS held
WHERE held.id = ${extent === 'one' ? '$1' : 'ANY ($1::text[])'}`;
}

const small = `CASE WHEN $2::bigint IS NULL OR octet_length(held.outcome) <= $2
  THEN encode(held.outcome, 'hex') END`;

/** With `maxBytes`, outcomes that might together be larger are left out, if there are several. */
export function readParams(ids: readonly string[], maxBytes?: number): unknown[] {
  const isShared = maxBytes !== undefined && ids.length > 1;
  return [texts(ids, (id) => id), isShared ? Math.floor(maxBytes / 2 / ids.length) : null];
}

/** How large the outcome is that was left out; undefined if none was. */
export function withheldBytes(row: Row): number | undefined {
  if (row.outcome !== null || row.outcome_bytes === null) return undefined;
  return integer(row, 'outcome_bytes');
}
