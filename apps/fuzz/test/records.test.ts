import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { isIdempotencyError, type StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { attributeNames } from '../../../packages/dynamodb/src/attributes.ts';
import { type Item, readItem, writeItem } from '../../../packages/dynamodb/src/item.ts';
import { keySchema } from '../../../packages/dynamodb/src/keys.ts';
import { type Cells, readableRecord, toRow } from '../../../packages/mysql/src/rows.ts';
import { isExpired } from '../../../packages/postgres/src/expiry.ts';
import { optionalInteger, toRecord } from '../../../packages/postgres/src/row.ts';
import { unpacked } from '../../../packages/postgres/src/row-formats.ts';
import { recordText } from '../../../packages/record-logic/src/record-text.ts';
import { decodeRecord } from '../../../packages/redis/src/record-format.ts';
import { openTable } from '../../../packages/sqlite/src/table.ts';
import { corpusOf } from '../src/corpus.ts';
import type { Dice } from '../src/dice.ts';
import { fuzz } from '../src/fuzz.ts';
import { mutatedBytes, mutatedText, pick } from '../src/mutate.ts';

const id = 'test/work/0/x';
const statuses = ['in_progress', 'completed', 'failed'];

/** Reads what may be acted upon, or refuses it as corrupt, and nothing else. */
function isRead(read: () => StoredRecord): boolean {
  try {
    const { status, token, fence, attempt, startedAt, leaseUntil, expiresAt } = read();
    assert(statuses.includes(status), 'a status that there is');
    assert(typeof token === 'string', 'a token');
    assert(Number.isSafeInteger(fence) && Number.isSafeInteger(attempt), 'a fence and an attempt');
    // What is no time would count as over.
    assert(Number.isFinite(startedAt) && Number.isFinite(leaseUntil), 'a lease');
    assert(expiresAt === undefined || Number.isFinite(expiresAt), 'an expiry');
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

test('60,000 items of DynamoDB are read as records, or refused as corrupt', () => {
  const { understood } = fuzz(60_000, damagedItem, (item) =>
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

const oddCells = [
  null,
  undefined,
  true,
  1.5,
  -1,
  2n ** 70n,
  Number.NaN,
  {},
  [],
  new Date(0),
  'NaN',
];

test('30,000 rows of Postgres are read as records, or refused as corrupt', () => {
  const names = Object.keys(columns);
  const { understood } = fuzz(
    30_000,
    (dice) => {
      const value =
        dice(2) === 0 ? pick(oddCells, dice) : mutatedText(['7', 'completed', '0102'], dice);
      return { ...columns, [pick(names, dice)]: value };
    },
    (row) => isRead(() => toRecord(row)),
    (row) => String(Object.values(row)),
  );
  expect(understood).toBeGreaterThan(2_500);
});

/** In the order in which the store asks for them. */
const packedRow: readonly unknown[] = [
  ...[id, 'test', 'work', 0, 'tenant', 'completed', 'token', 7, 1, 'f', null, 'digest'],
  ...[1_000, 1_000, 31_000, 2_000, 90_000, null, '"x"', '{"a":"\u001f"}', 2],
  ...['Error', 'declined', 'ada', 'seen', null, 1, '0102', 3_000],
];
const packedTexts = [packedRow, packedRow.with(5, 'in_progress').with(27, null)].map((row) =>
  JSON.stringify(row),
);

/** A row's text that is changed anywhere, or of which one part is something else, missing or too much. */
function damagedRow(dice: Dice): string {
  if (dice(2) === 0) return mutatedText(packedTexts, dice);
  const odd: readonly unknown[] = [
    null,
    true,
    1.5,
    -1,
    1e300,
    '',
    'NaN',
    '01x',
    {},
    [],
    { toString: 1 },
    [7],
    '7',
  ];
  const row = packedRow.with(dice(packedRow.length), pick(odd, dice));
  if (dice(8) === 0) row.splice(dice(row.length), dice(2), ...(dice(2) === 0 ? [1] : []));
  return JSON.stringify(row);
}

test('60,000 packed rows of Postgres are read as records, or refused as corrupt', () => {
  const { understood } = fuzz(60_000, damagedRow, (text) =>
    isRead(() => {
      const row = unpacked({ record: text });
      isExpired(row, false);
      return toRecord(row);
    }),
  );
  expect(understood).toBeGreaterThan(5_000);
});

test('20,000 packed answers to claims and settlements of Postgres are read, or refused as corrupt', () => {
  const corpus = [
    [id, 7, 1, 1_000, 1_000, 31_000, 90_000, 3_000],
    [id, 31_000, null, 90_000, 3_000],
  ];
  const texts = corpus.map((row) => JSON.stringify(row));
  const { understood } = fuzz(
    20_000,
    (dice) => ({ [pick(['claimed', 'times'], dice)]: mutatedText(texts, dice) }),
    (packed) => {
      try {
        const row = unpacked(packed);
        for (const name of ['lease_until', 'expires_at', 'now']) optionalInteger(row, name);
        return true;
      } catch (error) {
        if (isIdempotencyError(error, 'RECORD_CORRUPT')) return false;
        throw error;
      }
    },
  );
  expect(understood).toBeGreaterThan(1_000);
});

const texts = corpusOf('record-texts');

/** A record's text of which one part is something else, or that is changed anywhere. */
function damagedText(dice: Dice): string {
  if (dice(2) === 0) return mutatedText(texts, dice);
  const whole = JSON.parse(pick(texts, dice)) as Record<string, unknown>;
  const odd = [null, true, 1.5, -1, 1e300, '', 'NaN', {}, [], { name: 1 }, undefined];
  return JSON.stringify({ ...whole, [pick(Object.keys(whole), dice)]: pick(odd, dice) });
}

test('60,000 rows of SQLite are read as records, or refused as corrupt', () => {
  const db = new DatabaseSync(':memory:');
  const table = openTable(db);
  table.add(record, 1);
  const damage = db.prepare('UPDATE twiceproof_records SET record = ?');
  const { understood } = fuzz(60_000, damagedText, (text) => {
    damage.run(text);
    return isRead(() => table.read(id)!);
  });
  db.close();
  expect(understood).toBeGreaterThan(3_000);
});

test('60,000 rows of MySQL are read as records, or refused as corrupt', () => {
  const row: Cells = {
    ...{ now: 1, autocommit: 1, seq: 7, rev: 0, bytes: 2 },
    ...{ record: Buffer.from(recordText(record)), outcome: Buffer.of(1, 2) },
  };
  const { understood } = fuzz(60_000, damagedText, (text) =>
    isRead(() => readableRecord(toRow({ ...row, record: Buffer.from(text) }), id)!),
  );
  expect(understood).toBeGreaterThan(3_000);
});
