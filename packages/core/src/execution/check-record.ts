import { IdempotencyError } from '../errors.ts';
import type { StoredRecord } from '../store.ts';
import { type Call, ended } from './call.ts';
import { checkReadable } from './replay.ts';

/** Whatever its status, a record must be readable and about the same payload. */
export function checkRecord(call: Call, record: StoredRecord): void {
  const { fingerprint, id, info } = call;
  info.record = record;
  try {
    checkReadable(record);
  } catch (error) {
    throw ended(info, 'failed', error);
  }
  if (fingerprint === undefined || record.fingerprint === undefined) return;
  if (fingerprint === record.fingerprint) return;
  const message = `${id} was used with another payload; use a new key for new work, or send the same payload again`;
  throw ended(
    info,
    'mismatch',
    new IdempotencyError('FINGERPRINT_MISMATCH', message, { recordId: id }),
  );
}
