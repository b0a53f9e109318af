import type { RecordQuery } from '@idemkit/core';
import type { Names } from '../names.ts';
import { recordColumns } from './columns.ts';
import { counts } from './conditions.ts';
import { type Bind, binder, filters, type Statement } from './filters.ts';

/** Where a page goes on: after this record, in the order of the list. */
export interface Position {
  readonly startedAt: number | undefined;
  readonly id: string;
}

export interface ListWindow {
  readonly query: RecordQuery;
  readonly paused: boolean;
  readonly after: Position | undefined;
  /** How many records to look at. */
  readonly examined: number;
  /** How many to answer at most. */
  readonly limit: number;
}

/**
 * Looks at a window of records and answers those of them that match. Its cost depends on the window
 * and on the number of operations, not on the size of the table. Out: a row per match, or a single
 * row without id; each with the size of the window and its last record (`edge_…`).
 *
 * By id, where a prefix is given; otherwise newest first: the index holds one range for each
 * operation, and their heads are merged.
 */
export function list(names: Names, window: ListWindow): Statement {
  const params: unknown[] = [];
  const bind = binder(params);
  const { query, examined, limit, paused } = window;
  const isById = query.idPrefix !== undefined;
  const source = isById ? byId(names, window, bind) : newestFirst(names, window, bind);
  const order = isById ? 'id' : 'started_at DESC, id DESC';
  const backwards = isById ? 'id DESC' : 'started_at, id';
  const conditions = [counts('held', `${bind(paused)}::boolean`), ...filters(query, bind)];
  const text = `
WITH RECURSIVE ${source}, examined AS MATERIALIZED (
  SELECT started_at, id FROM candidates ORDER BY ${order} LIMIT ${bind(examined)}
)
SELECT edge.size AS edge_size, edge.started_at AS edge_started_at, edge.id AS edge_id, found.*
FROM (
  SELECT (SELECT count(*) FROM examined) AS size, last.started_at, last.id
  FROM (SELECT 1) AS one
  LEFT JOIN (SELECT * FROM examined ORDER BY ${backwards} LIMIT 1) AS last ON true
) AS edge
LEFT JOIN (
  SELECT ${recordColumns('held')} FROM examined JOIN ${names.table} AS held ON held.id = examined.id
  WHERE ${conditions.join('\n    AND ')}
  ORDER BY ${qualified('held', order)} LIMIT ${bind(limit)}
) AS found ON true
ORDER BY ${qualified('found', order)}`;
  return { text, params };
}

function newestFirst({ table }: Names, { query, after, examined }: ListWindow, bind: Bind): string {
  const environment = query.environment === undefined ? undefined : bind(query.environment);
  const operation = query.operation === undefined ? undefined : bind(query.operation);
  const inEnvironment = environment === undefined ? 'true' : `environment = ${environment}`;
  const next =
    environment === undefined
      ? '(environment, operation) > (operations.environment, operations.operation)'
      : `environment = ${environment} AND operation > operations.operation`;
  const range = ['true'];
  if (query.startedAfter !== undefined) range.push(`started_at >= ${bind(query.startedAfter)}`);
  if (query.startedBefore !== undefined) range.push(`started_at < ${bind(query.startedBefore)}`);
  if (after?.startedAt !== undefined) {
    const startedAt = `${bind(after.startedAt)}::bigint`;
    range.push(`started_at <= ${startedAt}`);
    range.push(`(started_at, id) < (${startedAt}, ${bind(after.id)})`);
  }
  return `operations AS (
  (SELECT environment, operation FROM ${table} WHERE ${inEnvironment}
    ORDER BY environment, operation LIMIT 1)
  UNION ALL
  SELECT next.environment, next.operation FROM operations, LATERAL (
    SELECT environment, operation FROM ${table}
    WHERE ${next}
    ORDER BY environment, operation LIMIT 1
  ) AS next
), candidates AS (
  SELECT head.* FROM operations, LATERAL (
    SELECT started_at, id FROM ${table} AS held
    WHERE held.environment = operations.environment AND held.operation = operations.operation
      AND ${range.join(' AND ')}
    ORDER BY started_at DESC, id DESC LIMIT ${bind(examined)}
  ) AS head
  ${operation === undefined ? '' : `WHERE operations.operation = ${operation}`}
)`;
}

function byId({ table }: Names, { query, after }: ListWindow, bind: Bind): string {
  const { idPrefix = '' } = query;
  const prefix = bind(idPrefix);
  const conditions = [`id >= ${prefix}`, `starts_with(id, ${prefix})`];
  const end = endOfPrefix(idPrefix);
  if (end !== undefined) conditions.push(`id < ${bind(end)}`);
  if (after !== undefined) conditions.push(`id > ${bind(after.id)}`);
  return `candidates AS (
  SELECT started_at, id FROM ${table} WHERE ${conditions.join(' AND ')}
)`;
}

/** The first text after all that begin with the prefix; undefined where it is not obvious. */
function endOfPrefix(prefix: string): string | undefined {
  const last = prefix.charCodeAt(prefix.length - 1);
  if (!(last < 0x7e)) return undefined;
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

function qualified(alias: string, order: string): string {
  return order.replace(/\b(started_at|id)\b/g, `${alias}.$1`);
}
