import type { IdempotencyRecord } from '@twiceproof/core';

/** A record as JSON has it: always the same fields in the same order; times are epoch milliseconds. */
export function recordFields(record: IdempotencyRecord): Record<string, unknown> {
  const { id, environment, operation, run, scope, status, attempt, fence, version } = record;
  const { createdAt, startedAt, leaseUntil, completedAt, expiresAt } = record;
  const { keyPreview, inputPreview, fingerprint, lastError, outcomeBytes, traceparent } = record;
  const { workflow, inputDigest, settledBy } = record;
  return {
    id,
    environment,
    operation,
    run,
    scope,
    status,
    attempt,
    fence,
    version,
    createdAt,
    startedAt,
    leaseUntil,
    completedAt,
    expiresAt,
    keyPreview,
    inputPreview,
    fingerprint,
    workflow,
    inputDigest,
    settledBy: settledBy && { by: settledBy.by, reason: settledBy.reason },
    lastError: lastError && { name: lastError.name, message: lastError.message },
    outcomeBytes,
    traceparent,
    formatVersion: record.formatVersion,
  };
}
