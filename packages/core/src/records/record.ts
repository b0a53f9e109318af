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

export function publicRecord(record: StoredRecord): IdempotencyRecord {
  const { token: _token, outcome, ...visible } = record;
  return {
    ...visible,
    outcomeBytes: record.outcomeBytes ?? outcome?.byteLength,
    version: recordVersion(record),
  };
}
