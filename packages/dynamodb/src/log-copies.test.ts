import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { newClaim, newStore, rivalOf, useEmulator } from '../test/emulator.ts';
import { dynamodbStore } from './dynamodb-store.ts';

const emulator = useEmulator();

/** Notes of every command whether the client would copy what it takes, and what it answers, for its log. */
function noteCopies(client: DynamoDBClient): boolean[] {
  const copied: boolean[] = [];
  client.middlewareStack.add((next, context) => async (args) => {
    const answer = await next(args);
    copied.push(context.inputFilterSensitiveLog!(args.input) !== args.input);
    copied.push(context.outputFilterSensitiveLog!(answer.output) !== answer.output);
    return answer;
  });
  return copied;
}

test('a client without a logger copies nothing of the store, and of others what it did before', async () => {
  const client = emulator.client();
  const { table } = await newStore(client);
  const copied = noteCopies(client);
  const store = dynamodbStore({ client, table });
  const claim = newClaim();
  await store.acquire(claim);
  await store.acquire(rivalOf(claim));
  expect(copied.splice(0)).toEqual([false, false, false, false]);
  await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: claim.id } } }));
  expect(copied).toEqual([true, true]);
});

test('a client with a logger logs what the store sends as before', async () => {
  const logged: { readonly input: { readonly Item?: unknown } }[] = [];
  const ignored = () => {};
  const info = (entry: (typeof logged)[number]) => logged.push(entry);
  // Of no class, as loggers may be.
  const logger = Object.assign(Object.create(null), {
    info,
    debug: ignored,
    warn: ignored,
    error: ignored,
  });
  const { table } = await newStore(emulator.client());
  const client = emulator.client({ logger });
  const copied = noteCopies(client);
  const claim = newClaim();
  await dynamodbStore({ client, table }).acquire(claim);
  expect(copied).toEqual([true, true]);
  expect(logged.map(({ input }) => input.Item)).toMatchObject([{ id: { S: claim.id } }]);
});
