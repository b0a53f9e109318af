import { type IdempotencyRecord, isOutcomeUnknown } from '@twiceproof/core';
import type { Format } from '../output/paint.ts';

/** Where a record stands, as an operator asks for it: what is in progress may be of unknown outcome,
 * held, or stuck. */
export type Standing = IdempotencyRecord['status'] | 'unknown' | 'held' | 'stuck';

export function statusText(record: IdempotencyRecord, now: number): Standing {
  if (isOutcomeUnknown(record)) return 'unknown';
  if (!isStuck(record, now)) return record.status;
  return isHeld(record) ? 'held' : 'stuck';
}

const formats: Readonly<Record<Standing, Format>> = {
  in_progress: 'cyan',
  completed: 'green',
  failed: 'red',
  unknown: 'magenta',
  held: 'magenta',
  stuck: 'yellow',
};

export function statusFormat(record: IdempotencyRecord, now: number): Format {
  return formats[statusText(record, now)];
}

export function isStuck(record: IdempotencyRecord, now: number): boolean {
  return isOutcomeUnknown(record) || (record.status === 'in_progress' && record.leaseUntil <= now);
}

/** Whether an abandoned record waits for a verdict: what never expires is not taken over by the next call. */
function isHeld({ expiresAt }: IdempotencyRecord): boolean {
  return expiresAt === undefined;
}

/** Whether it is a workflow's own record. A step has the digest of its workflow's input as well. */
export function isWorkflow({ inputDigest, workflow }: IdempotencyRecord): boolean {
  return inputDigest !== undefined && workflow === undefined;
}

/** The error of a record in one line; empty where it has none. */
export function errorText({ lastError }: IdempotencyRecord): string {
  return lastError === undefined ? '' : `${lastError.name}: ${lastError.message}`;
}
