import type { KeyObject } from 'node:crypto';
import { aboutRecord } from '../errors.ts';
import { fingerprintOf } from '../key/fingerprint.ts';
import type { KnownKey } from './known-keys.ts';

const longestText = 256;

/** The fingerprint of a call with this value. A key that comes again mostly comes with the same one, and text
 * is compared sooner than digested. */
export function callFingerprint(
  recordId: string,
  value: unknown,
  digestKey: KeyObject | undefined,
  known: KnownKey | undefined,
): string {
  const before = known?.fingerprint;
  if (before !== undefined && before.text === value) return before.digest;
  const digest = digestFor(recordId, value, digestKey);
  if (known && typeof value === 'string' && value.length <= longestText) {
    known.fingerprint = { text: value, digest };
  }
  return digest;
}

function digestFor(recordId: string, value: unknown, digestKey: KeyObject | undefined): string {
  try {
    return fingerprintOf(value, digestKey);
  } catch (error) {
    throw aboutRecord(error, recordId);
  }
}
