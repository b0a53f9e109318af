import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { countRequests, newClaim, newStore, useEmulator } from '../test/emulator.ts';
import type { DynamodbWarning } from './options.ts';

const emulator = useEmulator();

describe('listing', () => {
  test('leaves out other items of a single-table design', async () => {
    const client = emulator.client();
    const store = await newStore(client, {
      partitionKey: { name: 'PK', prefix: 'IDEM#' },
      sortKey: { name: 'SK', value: 'RECORD' },
    });
    const claim = newClaim();
    await store.acquire(claim);
    for (const [PK, SK] of [
      ['ORDER#1', 'RECORD'],
      ['IDEM#not a record', 'NOTE'],
    ] as const) {
      const Item = { PK: { S: PK }, SK: { S: SK }, status: { S: 'completed' } };
      await client.send(new PutItemCommand({ TableName: store.table, Item }));
    }
    const { records } = await store.list({ limit: 10 });
    expect(records.map(({ id }) => id)).toEqual([claim.id]);
  });

  test('goes past a record that cannot be read, and tells of it once', async () => {
    const client = emulator.client();
    const warnings: DynamodbWarning[] = [];
    const store = await newStore(client, { onWarning: (warning) => warnings.push(warning) });
    const claims = [newClaim(), newClaim(), newClaim()];
    for (const claim of claims) await store.acquire(claim);
    const [damaged, ...others] = claims;
    await client.send(
      new UpdateItemCommand({
        TableName: store.table,
        Key: { id: { S: damaged!.id } },
        UpdateExpression: 'SET fn = :fence',
        ExpressionAttributeValues: { ':fence': { S: 'nonsense' } },
      }),
    );
    await store.list({ limit: 10 });
    const { records } = await store.list({ limit: 10 });
    expect(records.map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
    expect(warnings.map(({ code }) => code)).toEqual(['RECORD_UNREADABLE']);
    expect(warnings[0]?.message).toContain(damaged!.id);
    await expect(store.get(damaged!.id)).rejects.toMatchObject({
      code: 'RECORD_CORRUPT',
      recordId: damaged!.id,
      message: expect.stringContaining("'fn'"),
    });
  });

  test('goes past it whatever becomes of the warning', async () => {
    const client = emulator.client();
    const onWarning = (): never => {
      throw new Error('the log is full');
    };
    const store = await newStore(client, { onWarning });
    const [damaged, sound] = [newClaim(), newClaim()];
    for (const claim of [damaged, sound]) await store.acquire(claim);
    await client.send(
      new UpdateItemCommand({
        TableName: store.table,
        Key: { id: { S: damaged.id } },
        UpdateExpression: 'SET fn = :fence',
        ExpressionAttributeValues: { ':fence': { S: 'nonsense' } },
      }),
    );
    const { records } = await store.list({ limit: 10 });
    expect(records.map(({ id }) => id)).toEqual([sound.id]);
  });

  test('queries the index where the query names an operation, and scans otherwise', async () => {
    const client = emulator.client();
    const store = await newStore(client, { listIndex: 'by-operation' });
    await store.acquire(newClaim());
    const requests = countRequests(client);
    await store.list({ operation: 'charge', limit: 10 });
    expect(requests.take()).toEqual({ QueryCommand: 1 });
    await store.list({ limit: 10 });
    expect(requests.take()).toEqual({ ScanCommand: 1 });
  });

  test('answers nothing between two times that have changed places', async () => {
    const store = await newStore(emulator.client(), { listIndex: 'by-operation' });
    const { record } = await store.acquire(newClaim());
    const { startedAt } = record;
    for (const [startedAfter, startedBefore] of [
      [startedAt, startedAt],
      [startedAt, startedAt - 1_000],
    ] as const) {
      const query = { operation: 'charge', startedAfter, startedBefore, limit: 10 };
      expect((await store.list(query)).records).toEqual([]);
    }
  });

  test('of a query that little matches ends after ten requests, with a cursor to go on', async () => {
    const client = emulator.client();
    const store = await newStore(client);
    const requests = countRequests(client);
    // A megabyte is all that one request reads.
    const inputPreview = 'x'.repeat(100_000);
    const claims = Array.from({ length: 120 }, () => newClaim({ inputPreview }));
    await Promise.all(claims.map((claim) => store.acquire(claim)));
    requests.take();
    const first = await store.list({ text: 'nowhere', limit: 10 });
    expect(first.records).toEqual([]);
    expect(first.cursor).toBeDefined();
    expect(requests.take()).toEqual({ ScanCommand: 10 });
    const rest = await store.list({ text: 'nowhere', limit: 10, cursor: first.cursor });
    expect(rest).toEqual({ records: [] });
  });

  test('refuses a limit or a cursor that makes no sense', async () => {
    const store = await newStore(emulator.client());
    for (const limit of [0, 1.5, 1_001, Number.NaN]) {
      await expect(store.list({ limit })).rejects.toThrow(/limit.*1 to 1000/);
    }
    const elsewhere = Buffer.from('{"PK":{"S":"a"}}').toString('base64url');
    for (const cursor of ['nonsense', '', elsewhere, Buffer.from('[]').toString('base64url')]) {
      await expect(store.list({ limit: 1, cursor })).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
      });
    }
  });
});
