import { isOutcomeUnknown, type RecordQuery } from '@twiceproof/core';
import type { Glance } from './get.ts';

/** Whether a record is asked for; the prefix of its id is left to the scan. */
export function recordFilter(query: RecordQuery): (glance: Glance) => boolean {
  const { environment, operation, run, scope, status, workflow } = query;
  const { stuck, held, unknown } = query;
  const { startedBefore, startedAfter } = query;
  const text = query.text?.toLowerCase();
  return ({ record, leaseRemainingMs }) =>
    (environment === undefined || record.environment === environment) &&
    (operation === undefined || record.operation === operation) &&
    (run === undefined || record.run === run) &&
    (scope === undefined || record.scope === scope) &&
    (status === undefined || record.status === status) &&
    (workflow === undefined || record.workflow === workflow) &&
    (!unknown || isOutcomeUnknown(record)) &&
    (!(stuck || held) || (record.status === 'in_progress' && leaseRemainingMs <= 0)) &&
    (!held || record.expiresAt === undefined) &&
    (text === undefined || record.keyPreview?.toLowerCase().includes(text) === true) &&
    (startedBefore === undefined || record.startedAt < startedBefore) &&
    (startedAfter === undefined || record.startedAt >= startedAfter);
}
