import type { RecordQuery } from '@twiceproof/core';
import { storable } from '../array-literal.ts';
import { isStuck, isUnknown } from './conditions.ts';

export interface Statement {
  readonly text: string;
  readonly params: unknown[];
}

/** A value's placeholder, as it is added to the parameters. */
export type Bind = (value: unknown) => string;

export function binder(params: unknown[]): Bind {
  return (value) => {
    params.push(typeof value === 'string' ? storable(value) : value);
    return `$${params.length}`;
  };
}

/** What a query asks of the record `held`; also of ids, beyond what an index serves. */
export function filters(query: RecordQuery, bind: Bind): string[] {
  const { environment, operation, run, scope, status, workflow, text, idPrefix } = query;
  const { stuck, held, unknown } = query;
  const equal = Object.entries({ environment, operation, run, scope, status, workflow })
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `held.${column} = ${bind(value)}`);
  const { startedAfter, startedBefore } = query;
  if (startedAfter !== undefined) equal.push(`held.started_at >= ${bind(startedAfter)}`);
  if (startedBefore !== undefined) equal.push(`held.started_at < ${bind(startedBefore)}`);
  if (stuck || held) equal.push(isStuck('held'));
  if (unknown) equal.push(isUnknown('held'));
  if (held) equal.push('held.expires_at IS NULL');
  if (text !== undefined) {
    equal.push(`strpos(lower(held.key_preview), lower(${bind(text)}::text)) > 0`);
  }
  if (idPrefix !== undefined) equal.push(`starts_with(held.id, ${bind(idPrefix)})`);
  return equal;
}
