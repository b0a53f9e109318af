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

/** `recordVersion` of core, in SQL. */
export function version(t: string): string {
  return `${t}.fence || CASE ${t}.status WHEN 'in_progress' THEN '.in_progress'
    ELSE '.' || ${t}.status || '.' || coalesce(${t}.expires_at::text, 'never') END`;
}
