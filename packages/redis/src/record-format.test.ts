import { isIdempotencyError, RECORD_FORMAT, type StoredRecord } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { decodeRecord, encodeCopy } from './record-format.ts';
import { encodeNote } from './record-texts.ts';

const record: StoredRecord = {
  id: 'test/work/0/x',
  environment: 'prod',
  operation: 'ünï|cödé;',
  run: 3,
  scope: '',
  status: 'completed',
  token: 'tökén;|',
  fence: 9_007_199_254_740_991,
  attempt: 2,
  fingerprint: '12;34|',
  createdAt: 1_795_400_000_000,
  startedAt: 1_795_400_000_001,
  leaseUntil: 1_795_400_030_001,
  completedAt: 1_795_400_000_002,
  expiresAt: undefined,
  keyPreview: '🔑',
  inputPreview: undefined,
  outcome: Buffer.from([0, 255, 124, 59, 49]),
  outcomeBytes: 5,
  workflow: 'prod/flow;|,/0/y',
  inputDigest: '',
  lastError: { name: 'É', message: 'no\nway' },
  settledBy: { by: 'Ada;', reason: '' },
  traceparent: undefined,
  formatVersion: RECORD_FORMAT + 3,
};
const bytes = encodeCopy(record, encodeNote(record));

/** A generator of numbers below a limit, the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('what was written is read, whatever the texts hold', () => {
  expect(decodeRecord(record.id, bytes)).toEqual(record);
});

describe('of bytes that are no record', () => {
  const tryToRead = (damaged: Buffer): StoredRecord | undefined => {
    try {
      return decodeRecord(record.id, damaged);
    } catch (error) {
      expect(isIdempotencyError(error, 'RECORD_CORRUPT')).toBe(true);
      expect(error).toMatchObject({ recordId: record.id });
      return undefined;
    }
  };

  test('every truncation but one of the outcome is found', () => {
    const outcomeAt = bytes.length - record.outcome!.length;
    for (let length = 0; length < outcomeAt; length++) {
      expect(tryToRead(bytes.subarray(0, length)), `of ${length}`).toBeUndefined();
    }
  });

  test('changed ones are read as a record or refused, and nothing else', () => {
    const roll = dice(1);
    for (let round = 0; round < 20_000; round++) {
      const damaged = Buffer.from(bytes);
      for (let count = 0; count <= roll(3); count++) damaged[roll(damaged.length)] = roll(256);
      tryToRead(damaged);
    }
  });

  test('random ones are refused', () => {
    const roll = dice(2);
    for (let round = 0; round < 5_000; round++) {
      const random = Buffer.from(Array.from({ length: roll(200) }, () => roll(256)));
      expect(tryToRead(random)).toBeUndefined();
    }
  });
});
