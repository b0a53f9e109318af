import {
  DynamoDB,
  GetItemCommand,
  PutItemCommand,
  type UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { bytesOf, local, newClaim, newStore, rivalOf, useEmulator } from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';

const emulator = useEmulator();

test('the client and its other commands are left as they were', async () => {
  const client = emulator.client();
  const before = client.middlewareStack.identify();
  const store = await newStore(client);
  await store.acquire(newClaim());
  expect(client.middlewareStack.identify()).toEqual(before);
  const command = new PutItemCommand({ TableName: store.table, Item: { id: { S: 'mine' } } });
  await client.send(command);
  expect(command.middlewareStack.identify().join()).not.toContain('twiceproof');
});

test('a client that keeps its handlers keeps its own, and the store its clock', async () => {
  const client = emulator.client({ cacheMiddleware: true });
  const { table } = await newStore(emulator.client());
  let sent = 0;
  client.middlewareStack.add((next) => (args) => {
    sent += 1;
    return next(args);
  });
  const stores = [dynamodbStore({ client, table }), dynamodbStore({ client, table })];
  const claim = newClaim();
  for (const store of stores) await store.acquire(rivalOf(claim));
  const Item = { id: { S: 'mine' } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
  const { Item: read } = await client.send(new GetItemCommand({ TableName: table, Key: Item }));
  expect(read).toEqual(Item);
  expect(sent).toBe(4);
});

test('anything that sends the client’s commands will do', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const store = dynamodbStore({ client: { send: (command) => client.send(command) }, table });
  expect((await store.acquire(newClaim())).status).toBe('acquired');
});

test('a request that is given up ends without waiting for its answer', async () => {
  const client = emulator.client();
  const store = await newStore(client);
  const controller = new AbortController();
  const acquiring = store.acquire(newClaim(), { signal: controller.signal });
  controller.abort();
  await expect(acquiring).rejects.toMatchObject({ name: 'AbortError' });
});

test('a server that refuses without showing what stands in the way is asked for it', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const send = (command: never) =>
    client.send(command).catch((error: { Item?: unknown }) => {
      delete error.Item;
      throw error;
    });
  const store = dynamodbStore({ client: { send }, table });
  const claim = newClaim();
  await store.acquire(claim);
  expect((await store.acquire(claim)).status).toBe('acquired');
  const { status, record } = await store.acquire(rivalOf(claim));
  expect(status).toBe('existing');
  expect(record.token).toBe(claim.token);
});

test('reads are consistent, unless the store is a tier whose reads may come from a cache', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const reads: unknown[] = [];
  client.middlewareStack.add((next) => (args) => {
    reads.push((args.input as { ConsistentRead?: boolean }).ConsistentRead);
    return next(args);
  });
  await dynamodbStore({ client, table }).get('a');
  await dynamodbStore({ client, table, consistentRead: false }).get('a');
  expect(reads).toEqual([true, false]);
});

test('a client with methods in place of send is a tier through a thin adapter', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const methods = new DynamoDB(local(emulator.endpoint));
  const store = dynamodbStore({
    client: {
      send(command: GetItemCommand | PutItemCommand | UpdateItemCommand) {
        if (command instanceof GetItemCommand) return methods.getItem(command.input);
        if (command instanceof PutItemCommand) return methods.putItem(command.input);
        return methods.updateItem(command.input);
      },
    },
    table,
    consistentRead: false,
  });
  const direct = dynamodbStore({ client, table });
  const claim = newClaim();
  await direct.acquire(claim);
  const outcome = { bytes: bytesOf('done'), retentionMs: null };
  const settlement = await direct.complete(claim.id, claim.token, outcome);
  const record = { ...(settlement as { record: StoredRecord }).record, id: `${claim.id}-copy` };
  await store.fill(record, 60_000);
  expect((await store.get(record.id))?.outcome).toEqual(outcome.bytes);
  expect(await store.delete(record.id)).toBe(true);
  await store.fill(record, 60_000);
  expect(await store.get(record.id)).toBeUndefined();
  methods.destroy();
});
