import type { IdempotencyRecord } from '@twiceproof/core';
import type { Format } from '../output/paint.ts';

/** Where a record stands, as an operator asks for it: what is in progress may be held, or stuck. */
export function statusText(record: IdempotencyRecord, now: number): string {
  if (isHeld(record, now)) return 'held';
  return isStuck(record, now) ? 'stuck' : record.status;
}

export function statusFormat(record: IdempotencyRecord, now: number): Format {
  if (isHeld(record, now)) return 'magenta';
  if (isStuck(record, now)) return 'yellow';
  return ({ in_progress: 'cyan', completed: 'green', failed: 'red' } as const)[record.status];
}

export function isStuck({ status, leaseUntil }: IdempotencyRecord, now: number): boolean {
  return status === 'in_progress' && leaseUntil <= now;
}

/** Whether it waits for a verdict: what never expires is not taken over by the next call. */
export function isHeld(record: IdempotencyRecord, now: number): boolean {
  return isStuck(record, now) && record.expiresAt === undefined;
}

/** The error of a record in one line; empty where it has none. */
export function errorText({ lastError }: IdempotencyRecord): string {
  return lastError === undefined ? '' : `${lastError.name}: ${lastError.message}`;
}
