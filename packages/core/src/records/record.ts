import { downstreamKeyOf, downstreamUuidOf } from '../execution/downstream.ts';
import { recordVersion, type StoredRecord } from '../store.ts';

/** A record as everybody but its store sees it: without its token and its outcome bytes. */
export interface IdempotencyRecord extends Omit<StoredRecord, 'token' | 'outcome'> {
  /** Identifies the state that was seen; an operator's action can be made conditional on it. */
  readonly version: string;
}

/** A record whose attempt crashed, as a probe gets it. */
export interface AbandonedRecord extends IdempotencyRecord {
  /** What `currentExecution()` gave the attempt to hand to others: ask them by it whether the effect happened. */
  readonly downstreamKey: string;
  /** The same as a UUID. */
  readonly downstreamUuid: string;
}

/** A record as a probe gets it. */
export function abandonedRecord(record: StoredRecord): AbandonedRecord {
  const { id } = record;
  return {
    ...publicRecord(record),
    downstreamKey: downstreamKeyOf(id),
    downstreamUuid: downstreamUuidOf(id),
  };
}

/** Written out by name: leaving two fields out of a copy of the rest costs more than all of a replay's own work. */
export function publicRecord(record: StoredRecord): IdempotencyRecord {
  return {
    id: record.id,
    environment: record.environment,
    operation: record.operation,
    run: record.run,
    scope: record.scope,
    status: record.status,
    fence: record.fence,
    attempt: record.attempt,
    fingerprint: record.fingerprint,
    workflow: record.workflow,
    inputDigest: record.inputDigest,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    leaseUntil: record.leaseUntil,
    completedAt: record.completedAt,
    expiresAt: record.expiresAt,
    keyPreview: record.keyPreview,
    inputPreview: record.inputPreview,
    outcomeBytes: record.outcomeBytes ?? record.outcome?.byteLength,
    lastError: record.lastError,
    settledBy: record.settledBy,
    traceparent: record.traceparent,
    formatVersion: record.formatVersion,
    version: recordVersion(record),
  } satisfies Required<IdempotencyRecord>;
}
