import type { StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { recordOf, recordText } from './record-text.ts';

const record: StoredRecord = {
  ...{ id: 'test/pay/0/x', environment: 'test', operation: 'pay', run: 0, scope: 'tenant' },
  ...{ status: 'completed', token: 'token', fence: 7, attempt: 1, formatVersion: 1 },
  ...{ fingerprint: 'f', workflow: 'w', inputDigest: 'd', keyPreview: 'k', inputPreview: 'i' },
  ...{ createdAt: 1, startedAt: 2, leaseUntil: 3, completedAt: 4, expiresAt: 5 },
  lastError: { name: 'Error', message: 'declined' },
  settledBy: { by: 'ada', reason: 'seen' },
  traceparent: '00-1-2-01',
};
const written = JSON.parse(recordText(record)) as object;
const read = (text: object) => recordOf({ text: JSON.stringify(text), outcomeBytes: undefined });

test('a record is read as it was written', () => {
  expect(read(written)).toEqual(record);
});

test('one without a part that each has is none: without a lease it would count as abandoned', () => {
  const needed = ['id', 'environment', 'operation', 'run', 'status', 'token', 'fence', 'attempt'];
  const times = ['createdAt', 'startedAt', 'leaseUntil', 'formatVersion'];
  for (const name of [...needed, ...times]) {
    expect(read({ ...written, [name]: undefined }), name).toBeUndefined();
  }
});

test.each(Object.keys(written))('one whose %s is of another kind is none', (name) => {
  for (const other of [null, true, [], {}]) {
    expect(read({ ...written, [name]: other }), JSON.stringify(other)).toBeUndefined();
  }
  const kind = typeof (written as Record<string, unknown>)[name];
  expect(read({ ...written, [name]: kind === 'string' ? 7 : 'text' })).toBeUndefined();
});

test.each(['', 'nonsense', 'null', '[]', '7', '{'])('the text %j is none', (text) => {
  expect(recordOf({ text, outcomeBytes: undefined })).toBeUndefined();
});
