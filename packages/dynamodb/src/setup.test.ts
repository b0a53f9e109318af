import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { newClaim, newTable, useEmulator } from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';
import type { DynamodbStoreOptions } from './options.ts';

const emulator = useEmulator();

function openStore(options: Partial<DynamodbStoreOptions> = {}) {
  const table = newTable();
  const client = emulator.client();
  return { store: dynamodbStore({ client, table, ...options }), client, table };
}

async function createTable(table: string, index?: object) {
  await emulator.client().send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        ...(index
          ? ([
              { AttributeName: 'op', AttributeType: 'S' },
              { AttributeName: 'sa', AttributeType: 'N' },
            ] as const)
          : []),
      ],
      ...index,
    }),
  );
}

describe('setup', () => {
  test('creates the table on demand capacity, with its time to live', async () => {
    const { store, client, table } = openStore();
    await store.setup();
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(ttl.TimeToLiveDescription).toMatchObject({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'ttlAt',
    });
    expect(await store.verify()).toMatchObject({ table, ok: true, problems: [] });
  });

  test('creates the keys, the names and the index of the options', async () => {
    const options = {
      partitionKey: { name: 'PK', prefix: 'IDEM#' },
      sortKey: { name: 'SK', value: 'RECORD' },
      attributes: { operation: 'GSI1PK', startedAt: 'GSI1SK', ttl: 'expireAt' },
      listIndex: 'GSI1',
    };
    const { store } = openStore(options);
    await store.setup();
    expect((await store.verify()).problems).toEqual([]);
    await store.acquire(newClaim());
    expect((await store.list({ operation: 'charge', limit: 10 })).records).toHaveLength(1);
  });

  test('is harmless twice, and eight times at once', async () => {
    const { store } = openStore();
    await Promise.all(Array.from({ length: 8 }, () => store.setup()));
    await store.acquire(newClaim());
    await store.setup();
    expect((await store.list({ limit: 10 })).records).toHaveLength(1);
  });

  test('turns time to live on for a table that is there', async () => {
    const { store, table } = openStore();
    await createTable(table);
    expect((await store.verify()).problems.map(({ code }) => code)).toEqual(['TTL_DISABLED']);
    await store.setup();
    expect((await store.verify()).ok).toBe(true);
  });

  test('refuses a table with other keys', async () => {
    const { store, table } = openStore({ partitionKey: 'pk' });
    await createTable(table);
    await expect(store.setup()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /has partition key 'id' \(S\), but the options say partition key 'pk'/,
      ),
    });
  });
});

describe('verify', () => {
  test('says that the table is not there', async () => {
    const { store, table } = openStore();
    const report = await store.verify();
    expect(report).toMatchObject({ table, ok: false, clockMarginMs: 2_000 });
    expect(report.problems.map(({ code }) => code)).toEqual(['TABLE_MISSING']);
  });

  test('says that the time to live reads another attribute', async () => {
    const { store, client, table } = openStore();
    await createTable(table);
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expireAt' };
    await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
    const { problems } = await store.verify();
    expect(problems.map(({ code }) => code)).toEqual(['TTL_ATTRIBUTE']);
    expect(problems[0]?.message).toMatch(/attributes\.ttl to 'expireAt'/);
  });

  test('says that the index is missing, or leaves out what listing needs', async () => {
    const plain = openStore({ listIndex: 'by-operation' });
    await createTable(plain.table);
    expect((await plain.store.verify()).problems.map(({ code }) => code)).toContain(
      'INDEX_MISSING',
    );

    const index = (keys: readonly string[], projection: object) => ({
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-operation',
          KeySchema: keys.map((AttributeName, at) => ({
            AttributeName,
            KeyType: at === 0 ? 'HASH' : 'RANGE',
          })),
          Projection: projection,
        },
      ],
    });
    const problemsOf = async (keys: readonly string[], projection: object) => {
      const { store, table } = openStore({ listIndex: 'by-operation' });
      await createTable(table, index(keys, projection));
      const { problems } = await store.verify();
      return problems.filter(({ code }) => code !== 'TTL_DISABLED').map(({ code }) => code);
    };
    const keys = ['op', 'sa'];
    expect(await problemsOf(keys, { ProjectionType: 'ALL' })).toEqual([]);
    expect(await problemsOf(keys, { ProjectionType: 'KEYS_ONLY' })).toEqual(['INDEX_PROJECTION']);
    expect(await problemsOf(keys.toReversed(), { ProjectionType: 'ALL' })).toEqual([
      'INDEX_SCHEMA',
    ]);
  });
});
