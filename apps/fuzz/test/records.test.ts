import assert from 'node:assert/strict';
import { isIdempotencyError, type StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { attributeNames } from '../../../packages/dynamodb/src/attributes.ts';
import { type Item, readItem, writeItem } from '../../../packages/dynamodb/src/item.ts';
import { keySchema } from '../../../packages/dynamodb/src/keys.ts';
import { toRecord } from '../../../packages/postgres/src/row.ts';
import { decodeRecord } from '../../../packages/redis/src/record-format.ts';
import { corpusOf } from '../src/corpus.ts';
import type { Dice } from '../src/dice.ts';
import { fuzz } from '../src/fuzz.ts';
import { mutatedBytes, mutatedText, pick } from '../src/mutate.ts';

const id = 'test/work/0/x';
const statuses = ['in_progress', 'completed', 'failed'];

/** Reads, or refuses as corrupt, and nothing else. */
function isRead(read: () => { readonly status: string; readonly fence: number }): boolean {
  try {
    const { status } = read();
    assert(statuses.includes(status), 'a status that there is');
    return true;
  } catch (error) {
    if (isIdempotencyError(error, 'RECORD_CORRUPT')) return false;
    throw error;
  }
}

test('150,000 values of Redis are read as records, or refused as corrupt', () => {
  const corpus = corpusOf('redis-records').map((value) => Buffer.from(value));
  const { understood } = fuzz(
    150_000,
    (dice) => mutatedBytes(corpus, dice),
    (bytes) => isRead(() => decodeRecord(id, bytes)),
    (bytes) => bytes.toString('latin1'),
  );
  expect(understood).toBeGreaterThan(5_000);
});

const record: StoredRecord = {
  ...{ id, environment: 'test', operation: 'work', run: 0, token: 'token' },
  status: 'completed',
  ...{ fence: 7, attempt: 1, createdAt: 1_000, startedAt: 1_000, leaseUntil: 31_000 },
  ...{ completedAt: 2_000, expiresAt: 90_000, outcome: Uint8Array.of(1, 2), outcomeBytes: 2 },
  ...{ scope: 'tenant', fingerprint: 'f', keyPreview: '"x"', formatVersion: 1 },
  lastError: { name: 'Error', message: 'declined' },
  settledBy: { by: 'ada', reason: 'seen' },
};

const layout = { keys: keySchema('id', undefined), names: attributeNames({}), graceMs: 3_600_000 };
const whole = writeItem(layout, { record, retentionMs: 60_000 });

/** An item of which one attribute is something else, of this type or another one. */
function damagedItem(dice: Dice): Item {
  const name = pick(Object.keys(whole), dice);
  const { [name]: attribute, ...others } = whole;
  const texts = Object.values(whole).map(({ S, N }) => S ?? N ?? '');
  const text = mutatedText([attribute?.S ?? attribute?.N ?? '', ...texts], dice);
  const kinds: (Item[string] | undefined)[] = [
    ...[{ S: text }, { S: text }, { S: text }, { N: text }, { B: Buffer.from(text) }],
    ...[{ BOOL: true }, { NULL: true }, { L: [{ S: text }] }, { M: { a: { N: text } } }, undefined],
  ];
  const kind = pick(kinds, dice);
  return kind === undefined ? others : { ...others, [name]: kind };
}

test('100,000 items of DynamoDB are read as records, or refused as corrupt', () => {
  const { understood } = fuzz(100_000, damagedItem, (item) =>
    isRead(() => readItem(layout, id, item).record),
  );
  expect(understood).toBeGreaterThan(5_000);
});

const columns = {
  ...{ id, environment: 'test', operation: 'work', run: 0, scope: null, status: 'completed' },
  ...{
    token: 'token',
    fence: '7',
    attempt: 1,
    fingerprint: null,
    workflow: null,
    input_digest: null,
  },
  ...{ created_at: '1000', started_at: '1000', lease_until: '31000', completed_at: '2000' },
  ...{ expires_at: '90000', key_preview: '"x"', input_preview: null, outcome: '0102' },
  ...{ outcome_bytes: 2, error_name: 'Error', error_message: 'declined', settled_by: null },
  ...{ settled_reason: null, traceparent: null, format_version: 1 },
};

test('100,000 rows of Postgres are read as records, or refused as corrupt', () => {
  const names = Object.keys(columns);
  const odd = [null, undefined, true, 1.5, -1, 2n ** 70n, Number.NaN, {}, [], new Date(0), 'NaN'];
  const { understood } = fuzz(
    100_000,
    (dice) => {
      const value = dice(2) === 0 ? pick(odd, dice) : mutatedText(['7', 'completed', '0102'], dice);
      return { ...columns, [pick(names, dice)]: value };
    },
    (row) => isRead(() => toRecord(row)),
    (row) => String(Object.values(row)),
  );
  expect(understood).toBeGreaterThan(5_000);
});
