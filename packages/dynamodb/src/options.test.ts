import { isIdempotencyError } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { listedAttributes } from './attributes.ts';
import { dynamodbStore } from './dynamodb-store.ts';
import { keySchema } from './keys.ts';
import type { DynamodbStoreOptions } from './options.ts';

const client = { send: () => Promise.reject(new Error('no request expected')) };

describe('dynamodbStore refuses', () => {
  const refused: Record<string, [unknown, RegExp]> = {
    'no options': [undefined, /give an object of options/],
    'no client': [{ table: 'a' }, /client has no method send.*DynamoDBClient/],
    'no table': [{ client }, /table is undefined/],
    'an unknown option': [
      { client, table: 'a', tabel: 'b' },
      /no option 'tabel'; did you mean 'table'/,
    ],
    'a margin below two seconds': [{ client, table: 'a', clockMargin: '1s' }, /at least '2s'/],
    'a margin that is no duration': [{ client, table: 'a', clockMargin: 'soon' }, /clockMargin/],
    'a grace below a minute': [{ client, table: 'a', ttlGrace: '1s' }, /at least '1m'/],
    'an empty index': [{ client, table: 'a', listIndex: '' }, /listIndex/],
    'a consistency that is neither': [{ client, table: 'a', consistentRead: 1 }, /true or false/],
    'a warning that is no function': [{ client, table: 'a', onWarning: true }, /onWarning/],
    'a key without a name': [{ client, table: 'a', partitionKey: {} }, /partitionKey has no name/],
    'two keys of one name': [
      { client, table: 'a', partitionKey: 'id', sortKey: { name: 'id' } },
      /both called 'id'/,
    ],
    'keys that no record id is in': [
      {
        client,
        table: 'a',
        partitionKey: { name: 'PK', value: 'X' },
        sortKey: { name: 'SK', value: () => 'Y' },
      },
      /same for every record/,
    ],
    'an attribute that records do not have': [
      { client, table: 'a', attributes: { status: 'st' } },
      /attributes\.status is not an attribute of a record; there are .*state/,
    ],
    'two attributes of one name': [
      { client, table: 'a', attributes: { state: 'fn' } },
      /two things would be called 'fn'/,
    ],
    'an attribute with the name of a key': [
      { client, table: 'a', partitionKey: 'st' },
      /two things would be called 'st'/,
    ],
    'an attribute without a name': [
      { client, table: 'a', attributes: { ttl: '' } },
      /attributes\.ttl is ''/,
    ],
  };
  for (const [name, [options, message]] of Object.entries(refused)) {
    test(name, () => {
      const open = () => dynamodbStore(options as DynamodbStoreOptions);
      expect(open).toThrow(message);
      try {
        open();
      } catch (error) {
        expect(isIdempotencyError(error, 'OPTIONS_INVALID')).toBe(true);
      }
    });
  }
});

describe('a key', () => {
  test('holds the record id by default', () => {
    expect(keySchema('pk', undefined).of('prod/a/0/x')).toEqual({ pk: { S: 'prod/a/0/x' } });
  });

  test('may put something in front of the record id, and be read back', () => {
    const keys = keySchema({ name: 'PK', prefix: 'I#' }, { name: 'SK', value: 'RECORD' });
    const key = keys.of('prod/a/0/x');
    expect(key).toEqual({ PK: { S: 'I#prod/a/0/x' }, SK: { S: 'RECORD' } });
    expect(keys.recordIdIn(key)).toBe('prod/a/0/x');
    expect(keys.recordIdIn({ PK: { S: 'ORDER#1' }, SK: { S: 'RECORD' } })).toBeUndefined();
    expect(keys.keepsRecordId).toBe(false);
  });

  test('may be made by a function; then the item keeps the record id beside it', () => {
    const keys = keySchema({ name: 'PK', value: (id) => id.split('/')[1]! }, { name: 'SK' });
    expect(keys.of('prod/a/0/x')).toEqual({ PK: { S: 'a' }, SK: { S: 'prod/a/0/x' } });
    expect(keys.keepsRecordId).toBe(false);
    const hashed = keySchema({ name: 'PK', value: (id) => `${id}!` }, undefined);
    expect(hashed.keepsRecordId).toBe(true);
  });

  test('longer than DynamoDB takes is refused before the request, with the record id', async () => {
    const store = dynamodbStore({ client, table: 'a', sortKey: { name: 'SK' } });
    for (const id of ['x'.repeat(2_049), '€'.repeat(400)]) {
      await expect(async () => store.get(id)).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
        recordId: id,
      });
    }
    await expect(store.get('x'.repeat(1_024))).rejects.toThrow('no request expected');
  });
});

test('an index for listing projects no more attributes than DynamoDB allows', () => {
  // One more where keys are made by functions.
  expect(listedAttributes.length + 1).toBeLessThanOrEqual(20);
});
