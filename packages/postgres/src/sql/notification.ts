import type { Names } from '../names.ts';
import { now } from './clock.ts';

/** How long settlements go on notifying after somebody has said that he watches. */
export const announcedMs = 60_000;

/**
 * A column that notifies of the record `held`, if somebody watches any. Transactions that notify
 * commit one after the other, whatever they are about, so nobody is notified for nothing.
 */
export function notification({ channel, watchers }: Names): string {
  return `CASE WHEN (SELECT until > ${now} FROM ${watchers})
    THEN pg_notify('${channel}', held.id) IS NULL END AS notified`;
}

/** Says that somebody watches, unless that was said lately. */
export function announce({ watchers }: Names): string {
  return `
INSERT INTO ${watchers} AS watching (one, until) VALUES (true, ${now} + ${announcedMs})
ON CONFLICT (one) DO UPDATE SET until = excluded.until
WHERE watching.until < excluded.until - ${announcedMs / 2}`;
}
