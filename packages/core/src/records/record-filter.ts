import {
  checkCount,
  checkNames,
  checkOneOf,
  checkText,
  invalidOption,
  shown,
} from '../options/option-checks.ts';
import type { RecordQuery } from '../store.ts';

/** Which records: all conditions must hold. */
export interface RecordFilter extends Partial<Omit<RecordQuery, 'environment'>> {
  /** The deployment's own unless given; null for all environments that share the store. */
  readonly environment?: string | null | undefined;
}

const filterNames = [
  'environment',
  'operation',
  'run',
  'scope',
  'status',
  'stuck',
  'held',
  'unknown',
  'workflow',
  'idPrefix',
  'text',
  'startedBefore',
  'startedAfter',
  'limit',
  'cursor',
] as const satisfies readonly (keyof RecordQuery)[];

/** The query of a checked filter; throws `OPTIONS_INVALID` naming what is wrong with it. */
export function queryOf(
  filter: RecordFilter,
  environment: string,
  where: string,
  defaultLimit = 50,
): RecordQuery {
  checkNames(filter, filterNames, where);
  const { limit = defaultLimit, status } = filter;
  checkCount(limit, 'limit', 1_000);
  if (status !== undefined) checkOneOf(status, ['in_progress', 'completed', 'failed'], 'status');
  for (const name of ['startedBefore', 'startedAfter', 'run'] as const) {
    const value = filter[name];
    if (value === undefined || Number.isFinite(value)) continue;
    throw invalidOption(`${name} is ${shown(value)}; give a number`);
  }
  for (const name of ['operation', 'scope', 'idPrefix', 'text', 'workflow', 'cursor'] as const) {
    checkText(filter[name], name);
  }
  if (!['string', 'undefined'].includes(typeof filter.environment) && filter.environment !== null) {
    throw invalidOption(
      `environment is ${shown(filter.environment)}; give the name of one, or null for all of them`,
    );
  }
  for (const name of ['stuck', 'held', 'unknown'] as const) {
    if (filter[name] !== undefined) checkOneOf(filter[name], [true, false], name);
  }
  const asked = filter.environment === undefined ? environment : (filter.environment ?? undefined);
  return { ...filter, environment: asked, limit };
}
