import { isOutcomeUnknown, recordVersion, type StoredRecord } from '@twiceproof/core';
import { endOf } from './expiry.ts';

/** The record with its lease renewed, and kept for as long beyond it as before; undefined if the token
 * is not its owner's, or its attempt is over. */
export function renewed(
  record: StoredRecord,
  token: string,
  leaseMs: number,
  now: number,
): StoredRecord | undefined {
  if (record.status !== 'in_progress' || record.token !== token) return undefined;
  if (isOutcomeUnknown(record)) return undefined;
  const leaseUntil = Math.ceil(now + leaseMs);
  const { expiresAt } = record;
  return {
    ...record,
    leaseUntil,
    expiresAt: expiresAt === undefined ? undefined : expiresAt + leaseUntil - record.leaseUntil,
  };
}

/** The record with another end; undefined if it is not settled, or not at the version asked for. */
export function extended(
  record: StoredRecord,
  retentionMs: number | null,
  version: string | undefined,
  now: number,
): StoredRecord | undefined {
  if (record.status === 'in_progress' || !isAt(record, version)) return undefined;
  return { ...record, expiresAt: endOf(now, retentionMs) };
}

/** Whether the record is at the version, or none was asked for. */
export function isAt(record: StoredRecord, version: string | undefined): boolean {
  return version === undefined || recordVersion(record) === version;
}
