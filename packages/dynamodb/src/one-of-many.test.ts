import { type PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import {
  bytesOf,
  countRequests,
  newClaim,
  newStore,
  rivalOf,
  useEmulator,
} from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';

const emulator = useEmulator();

test('of 64 claims, a slow, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const direct = await newStore(emulator.client());
  const claims = Array.from({ length: 64 }, () => newClaim());
  const [slow, corrupt, mistyped, large] = claims;
  claims[3] = { ...large!, inputPreview: 'x'.repeat(direct.limits.maxRecordBytes) };
  for (const claim of [corrupt!, mistyped!]) await direct.acquire(claim);
  await direct.complete(mistyped!.id, mistyped!.token, { bytes: bytesOf(''), retentionMs: null });
  const damage = async (id: string, UpdateExpression: string, value: { S: string }) => {
    const Key = { id: { S: id } };
    const ExpressionAttributeValues = { ':value': value };
    const update = { TableName: direct.table, Key, UpdateExpression, ExpressionAttributeValues };
    await emulator.client().send(new UpdateItemCommand(update));
  };
  await damage(corrupt!.id, 'SET cl = :value', { S: 'nonsense' });
  await damage(mistyped!.id, 'SET fn = :value', { S: 'text' });

  const client = emulator.client();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  client.middlewareStack.add((next) => async (args) => {
    const { Item } = args.input as Partial<PutItemCommand['input']>;
    if (Item?.id?.S === slow!.id) await released;
    return next(args);
  });
  const requests = countRequests(client);
  const store = dynamodbStore({ client, table: direct.table });
  const asked = claims.map((claim) => store.acquire(rivalOf(claim)));
  const [waiting, ...others] = asked;
  const [unreadable, wrong, refused, ...good] = await Promise.allSettled(others);
  // One request each, and none for what is certainly too large; the slow one is still waited for.
  expect(requests.take()).toEqual({ PutItemCommand: 62 });
  for (const damaged of [unreadable, wrong]) {
    expect(damaged).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
  }
  expect(refused).toMatchObject({ reason: { code: 'OPTIONS_INVALID', recordId: large!.id } });
  expect(good).toHaveLength(60);
  for (const answer of good) expect(answer).toMatchObject({ value: { status: 'acquired' } });
  release();
  expect((await waiting!).status).toBe('acquired');
  expect(requests.take()).toEqual({ PutItemCommand: 1 });
});
