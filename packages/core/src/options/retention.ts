import { durationMs } from '../duration.ts';
import { checkNames, invalidOption } from './option-checks.ts';
import type { Retention } from './options.ts';

/** Milliseconds; null is until someone deletes the record. */
export interface KeptFor {
  readonly completed: number | null;
  readonly failed: number | null;
}

/** Checks a retention; throws `OPTIONS_INVALID` if it is none. */
export function retentionOf(retention: Retention): KeptFor {
  if (typeof retention !== 'object') {
    const ms = keptFor(retention, 'retention');
    return { completed: ms, failed: ms };
  }
  if (retention === null)
    throw invalidOption('retention is null; give a duration, or false to keep records');
  checkNames(retention, ['completed', 'failed'], 'retention');
  return {
    completed: keptFor(retention.completed ?? '24h', 'retention.completed'),
    failed: keptFor(retention.failed ?? '24h', 'retention.failed'),
  };
}

function keptFor(retention: Exclude<Retention, object>, option: string): number | null {
  return retention === false ? null : durationMs(retention, option);
}
