import type { Names } from '../names.ts';
import { now } from './clock.ts';

/** Whether the record no longer counts. `paused` is an expression for paused retirement. */
export function expired(t: string, paused: string): string {
  return `coalesce(${t}.copy_until, ${t}.expires_at) <= ${now}
    AND NOT (${paused} AND ${t}.status = 'completed' AND ${t}.copy_until IS NULL)`;
}

/** Whether the record counts. */
export function counts(t: string, paused: string): string {
  return `(${expired(t, paused)}) IS NOT TRUE`;
}

/** Whether somebody holds the record: an attempt that ended as unknown, which left its error, does not. */
export function isLive(t: string): string {
  return `${t}.status = 'in_progress' AND ${t}.error_name IS NULL AND ${t}.lease_until > ${now}`;
}

/** Whether the record is in progress, and nobody holds it. */
export function isStuck(t: string): string {
  return `${t}.status = 'in_progress' AND (${t}.error_name IS NOT NULL OR ${t}.lease_until <= ${now})`;
}

/**
 * Whether nobody has locked the record of this item meanwhile; it is locked then. Asked of the item, not of the
 * row: a plan that reads the whole table would ask it of rows that are no item's.
 */
export function isUnlocked({ table }: Names, item: string): string {
  return `(
    SELECT true FROM ${table} AS free WHERE free.id = ${item}.id FOR NO KEY UPDATE SKIP LOCKED
  ) IS TRUE`;
}

/** Whether nobody knows if the effect of the latest attempt happened. */
export function isUnknown(t: string): string {
  return `${t}.status = 'in_progress' AND ${t}.error_name IS NOT NULL`;
}

/** `recordVersion` of core, in SQL. */
export function version(t: string): string {
  return `${t}.fence || CASE ${t}.status WHEN 'in_progress' THEN '.in_progress'
    ELSE '.' || ${t}.status || '.' || coalesce(${t}.expires_at::text, 'never') END`;
}
