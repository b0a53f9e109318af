import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { promisesOfCall } from '@twiceproof/counting';
import { expect, test } from 'vitest';
import { bytesOf, newClaim, newStore, rivalOf, useEmulator } from '../test/emulator.ts';

/** What a call costs, in counts, which no load of the machine changes. */
const emulator = useEmulator();
const done = { bytes: bytesOf('x'.repeat(100)), retentionMs: 3_600_000 };

/** Bytes of the bodies that a client sends and receives. */
function countBytes(client: DynamoDBClient) {
  let [sent, received] = [0, 0];
  client.middlewareStack.add(
    (next) => async (args) => {
      sent += Buffer.byteLength((args.request as { body: string }).body);
      const answer = await next(args);
      const { headers } = answer.response as { headers: Record<string, string> };
      received += Number(headers['content-length']);
      return answer;
    },
    { step: 'finalizeRequest', priority: 'low', name: 'countBytes' },
  );
  return async (act: () => Promise<unknown>) => {
    [sent, received] = [0, 0];
    await act();
    return { sent, received };
  };
}

const calls = 50;

async function warmStore() {
  const client = emulator.client();
  const store = await newStore(client);
  for (let count = 0; count < 3; count++) {
    const warm = newClaim();
    await store.acquire(warm);
    await store.complete(warm.id, warm.token, done);
  }
  return { client, store };
}

test('a request has the bytes that it needs, and an answer what nobody knew before', async () => {
  const { client, store } = await warmStore();
  const bytesOfCall = countBytes(client);
  // A result of 100 bytes is 136 in JSON; an id has fifty and a token 36.
  const claim = newClaim();
  const claimed = await bytesOfCall(() => store.acquire(claim));
  expect(claimed.sent).toBeLessThan(560);
  expect(claimed.received).toBeLessThan(10);
  const settled = await bytesOfCall(() => store.complete(claim.id, claim.token, done));
  expect(settled.sent).toBeLessThan(800);
  expect(settled.received).toBeLessThan(10);
  const replayed = await bytesOfCall(() => store.acquire(rivalOf(claim)));
  expect(replayed.sent).toBeLessThan(200);
  expect(replayed.received).toBeLessThan(580);
});

test('a call makes few promises more than what the client does by itself', async () => {
  const { client, store } = await warmStore();
  const { table: TableName } = store;
  const byHand = await promisesOfCall(calls, (at) =>
    client.send(new PutItemCommand({ TableName, Item: { id: { S: `by hand ${at}` } } })),
  );
  const claims = Array.from({ length: calls }, () => newClaim());
  const claimed = await promisesOfCall(calls, (at) => store.acquire(claims[at]!));
  const settled = await promisesOfCall(calls, (at) =>
    store.complete(claims[at]!.id, claims[at]!.token, done),
  );
  const replayed = await promisesOfCall(calls, (at) => store.acquire(rivalOf(claims[at]!)));
  for (const promises of [claimed, settled, replayed]) {
    expect(promises - byHand).toBeLessThanOrEqual(11);
  }
});
