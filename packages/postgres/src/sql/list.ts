import type { RecordQuery } from '@twiceproof/core';
import type { Names } from '../names.ts';
import { packedRecord } from '../row-formats.ts';
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
 * Looks at a window of records and answers those of them that match: its cost depends on the window,
 * not on the size of the table. By id where a prefix is given, otherwise newest first, within one
 * operation of one environment or over all. Out: a row per match, or a single row without id; each
 * with the size of the window and its last record (`edge_…`).
 */
export function list(names: Names, window: ListWindow): Statement {
  const params: unknown[] = [];
  const bind = binder(params);
  const { query, examined, limit, paused } = window;
  const isById = query.idPrefix !== undefined;
  const source = isById ? byId(window, bind) : newestFirst(window, bind);
  const order = isById ? 'id' : 'started_at DESC, id DESC';
  const backwards = isById ? 'id DESC' : 'started_at, id';
  const conditions = [counts('held', `${bind(paused)}::boolean`), ...filters(query, bind)];
  const text = `
WITH examined AS MATERIALIZED (
  SELECT held.started_at, held.id, ${conditions.join('\n    AND ')} AS matches
  FROM ${names.table} AS held
  WHERE ${source.join('\n    AND ')}
  ORDER BY ${qualified('held', order)} LIMIT ${bind(examined)}
)
SELECT edge.size AS edge_size, edge.started_at AS edge_started_at, edge.id AS edge_id, found.record
FROM (
  SELECT (SELECT count(*) FROM examined) AS size, last.started_at, last.id
  FROM (SELECT 1) AS one
  LEFT JOIN (SELECT * FROM examined ORDER BY ${backwards} LIMIT 1) AS last ON true
) AS edge
LEFT JOIN (
  SELECT ${packedRecord('held', 'NULL')}, held.started_at, held.id
  FROM (
    SELECT id FROM examined WHERE matches ORDER BY ${order} LIMIT ${bind(limit)}
  ) AS page
  JOIN ${names.table} AS held ON held.id = page.id
) AS found ON true
ORDER BY ${qualified('found', order)}`;
  return { text, params };
}

function newestFirst({ query, after }: ListWindow, bind: Bind): string[] {
  const { environment, operation, workflow, startedAfter, startedBefore } = query;
  const range = ['true'];
  // Only together do they lead an index; one of them alone is a filter.
  if (environment !== undefined && operation !== undefined) {
    range.push(`held.environment = ${bind(environment)}`, `held.operation = ${bind(operation)}`);
  }
  if (workflow !== undefined) range.push(`held.workflow = ${bind(workflow)}`);
  if (startedAfter !== undefined) range.push(`held.started_at >= ${bind(startedAfter)}`);
  if (startedBefore !== undefined) range.push(`held.started_at < ${bind(startedBefore)}`);
  if (after?.startedAt !== undefined) {
    const startedAt = `${bind(after.startedAt)}::bigint`;
    range.push(`held.started_at <= ${startedAt}`);
    range.push(`(held.started_at, held.id) < (${startedAt}, ${bind(after.id)})`);
  }
  return range;
}

function byId({ query, after }: ListWindow, bind: Bind): string[] {
  const { idPrefix = '' } = query;
  const range = [`held.id >= ${bind(idPrefix)}`];
  const end = endOfPrefix(idPrefix);
  if (end !== undefined) range.push(`held.id < ${bind(end)}`);
  if (after !== undefined) range.push(`held.id > ${bind(after.id)}`);
  return range;
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
