import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeError, encodeOmitted, encodeValue, keyringOf } from '../codec/index.ts';
import type { StoredRecord } from '../store.ts';
import { keptReplay } from './kept-replay.ts';
import { sealOutcome } from './outcome-layers.ts';

function recordOf(outcome: Uint8Array): StoredRecord {
  return {
    ...{ id: 'test/charge/0/x', environment: 'test', operation: 'charge', run: 0 },
    ...{ status: 'completed', token: 't', fence: 1, attempt: 1, formatVersion: 1 },
    ...{ createdAt: 1, startedAt: 1, leaseUntil: 2, outcome },
  };
}

const keyring = keyringOf({ current: 'k1', keys: { k1: randomBytes(32) } });
const none = { compression: undefined, keyring: undefined, offload: undefined, types: undefined };
const plain = encodeValue({ paid: true });

test('plain data is kept, and its record without the bytes', () => {
  const kept = keptReplay(recordOf(plain), { paid: true });
  expect(kept?.value).toEqual({ paid: true });
  expect(kept?.value).not.toBe(kept?.value);
  expect(kept?.record).toMatchObject({ outcome: undefined, outcomeBytes: plain.byteLength });
});

test.each<[string, Uint8Array]>([
  ['an encrypted result', sealOutcome({ ...none, keyring }, plain, 'test/charge/0/x')],
  ['a result with a Date', encodeValue({ at: new Date(0) })],
  ['a large result', encodeValue('x'.repeat(1_000))],
  ['a result that was left out', encodeOmitted('too_large')],
  ['an error', encodeError(new Error('declined'), undefined).bytes],
])('%s is not kept', (_what, outcome) => {
  expect(keptReplay(recordOf(outcome), {})).toBeUndefined();
});
