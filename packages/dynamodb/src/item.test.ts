import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { StoredRecord } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { newClaim, newStore, useEmulator } from '../test/emulator.ts';
import { attributeNames } from './attributes.ts';
import { type Item, type Layout, readItem, writeItem } from './item.ts';
import { keySchema } from './keys.ts';

const emulator = useEmulator();

const layout: Layout = {
  keys: keySchema('id', undefined),
  names: attributeNames({}),
  graceMs: 3_600_000,
};

const least: StoredRecord = {
  id: 'prod/charge/0/x',
  environment: 'prod',
  operation: 'charge',
  run: 0,
  status: 'in_progress',
  token: 'AAAAAAAAAAAAAAAAAAAAAA',
  fence: 1_800_000_000_000_000,
  attempt: 1,
  createdAt: 1_800_000_000_000,
  startedAt: 1_800_000_000_000,
  leaseUntil: 1_800_000_030_000,
  formatVersion: 1,
};

const most: StoredRecord = {
  ...least,
  run: 2,
  scope: 'tenant',
  status: 'completed',
  attempt: 3,
  fingerprint: 'f',
  workflow: 'prod/order/0/y',
  inputDigest: 'digest',
  createdAt: 1_799_999_990_000,
  completedAt: 1_800_000_001_000,
  expiresAt: 1_800_003_601_000,
  keyPreview: '"payment-1"',
  inputPreview: '{"a":"\ud800"}',
  outcome: new Uint8Array([1, 2, 3]),
  outcomeBytes: 3,
  lastError: { name: 'Error', message: 'declined' },
  settledBy: { by: 'ada', reason: 'seen at the bank' },
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
};

describe('the record format', () => {
  // What is written here stays readable for ever: change a golden item only together with `RECORD_FORMAT`.
  const golden: Record<string, readonly [StoredRecord, number | null, Item]> = {
    'of a claim that is kept for ever': [
      least,
      null,
      {
        id: { S: 'prod/charge/0/x' },
        op: { S: 'charge' },
        sa: { N: '1800000000000' },
        st: { S: 'PAAAAAAAAAAAAAAAAAAAAAA' },
        fn: { N: '1800000000000000' },
        lu: { N: '1800000030000' },
        cl: { S: '[1,1,0,null,0,"prod"]' },
      },
    ],
    'of a completed record with all that it can have': [
      most,
      86_400_000,
      {
        id: { S: 'prod/charge/0/x' },
        op: { S: 'charge' },
        sa: { N: '1800000000000' },
        st: { S: 'CAAAAAAAAAAAAAAAAAAAAAA' },
        fn: { N: '1800000000000000' },
        lu: { N: '1800000030000' },
        ea: { N: '1800003601000' },
        ttlAt: { N: '1800007201' },
        cl: {
          S: '[1,3,10000,86400000,2,"prod","\\"payment-1\\"","f","00-11111111111111111111111111111111-2222222222222222-01","tenant","{\\"a\\":\\"\\ud800\\"}","prod/order/0/y","digest"]',
        },
        en: {
          S: '[1800000001000,3,"00-11111111111111111111111111111111-2222222222222222-01","Error","declined","ada","seen at the bank"]',
        },
        oc: { B: new Uint8Array([1, 2, 3]) },
      },
    ],
    'of a failed record': [
      { ...least, status: 'failed', completedAt: 5, lastError: { name: 'E', message: '' } },
      1_000,
      {
        id: { S: 'prod/charge/0/x' },
        op: { S: 'charge' },
        sa: { N: '1800000000000' },
        st: { S: 'FAAAAAAAAAAAAAAAAAAAAAA' },
        fn: { N: '1800000000000000' },
        lu: { N: '1800000030000' },
        cl: { S: '[1,1,0,1000,0,"prod"]' },
        en: { S: '[5,null,null,"E",""]' },
      },
    ],
  };
  for (const [name, [record, retentionMs, item]] of Object.entries(golden)) {
    test(`${name} is written and read as it always was`, () => {
      expect(writeItem(layout, { record, retentionMs })).toEqual(item);
      const kept = readItem(layout, record.id, item);
      expect(kept.retentionMs).toBe(retentionMs);
      expect(kept.record).toEqual(record);
    });
  }

  test('of a copy has the time until which it is served', () => {
    const copyUntil = 1_800_000_060_000;
    const item = writeItem(layout, { record: most, retentionMs: null, copyUntil });
    expect(item).toMatchObject({ cu: { N: '1800000060000' }, ttlAt: { N: '1800003660' } });
    expect(readItem(layout, most.id, item)).toMatchObject({ copyUntil, record: most });
  });
});

describe('an attribute that this store never wrote is named', () => {
  const item = writeItem(layout, { record: most, retentionMs: 1_000 });
  const damages: readonly (readonly [string, Item[string] | undefined])[] = [
    ['st', { S: 'nonsense' }],
    ['st', { S: '' }],
    ['st', { N: '1' }],
    ['st', undefined],
    ['fn', { S: 'nonsense' }],
    ['fn', { N: '1e300' }],
    ['lu', undefined],
    ['op', { N: '1' }],
    ['cl', undefined],
    ['cl', { S: 'nonsense' }],
    ['cl', { S: '{}' }],
    ['cl', { S: '[]' }],
    ['cl', { S: '[1,1,0,null,0,7]' }],
    ['cl', { S: '[1,1,0,null,0,"prod",7]' }],
    ['cl', { S: '[1.5,1,0,null,0,"prod"]' }],
    ['en', { S: '["soon"]' }],
    ['en', { S: '[1,2,3]' }],
    ['oc', { S: 'text' }],
  ];
  for (const [name, value] of damages) {
    test(`${name} as ${JSON.stringify(value)}`, () => {
      const { [name]: _removed, ...others } = item;
      const damaged = value === undefined ? others : { ...others, [name]: value };
      expect(() => readItem(layout, most.id, damaged)).toThrow(
        expect.objectContaining({
          code: 'RECORD_CORRUPT',
          recordId: most.id,
          message: expect.stringContaining(`attribute '${name}'`),
        }),
      );
    });
  }
});

test('expressions can name every attribute as it is, because none is a reserved word', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const set = (name: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: newClaim().id } },
        UpdateExpression: `SET ${name} = :value`,
        ExpressionAttributeValues: { ':value': { S: 'any' } },
      }),
    );
  for (const name of Object.values(attributeNames({}))) await set(name);
  await expect(set('ttl')).rejects.toThrow(/reserved/i);
});
