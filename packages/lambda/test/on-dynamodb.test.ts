import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventId, idempotentHandler, sqsBatch } from '../src/index.ts';
import { invocation } from './invocation.ts';
import { message } from './sqs-event.ts';

let engine: Awaited<ReturnType<typeof startDynamodb>>;
let client: DynamoDBClient;
let idempotency: Idempotency;

beforeAll(async () => {
  engine = await startDynamodb();
  client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const store = dynamodbStore({ client, table: `lambda-${process.pid}` });
  await store.setup();
  idempotency = createIdempotency({ environment: 'test', store });
});
afterAll(async () => {
  client?.destroy();
  await engine?.stop();
});

test('an invocation that ran out of time leaves a record that the very next one decides about', async () => {
  const work = vi.fn(async () => 'done').mockImplementationOnce(() => new Promise(() => {}));
  const handler = idempotentHandler(idempotency, { operation: 'ship', key: eventId }, work);
  await expect(handler({ id: 'a' }, invocation(1_500))).rejects.toMatchObject({
    code: 'TIMED_OUT',
  });
  expect(await handler({ id: 'a' }, invocation(30_000))).toBe('done');

  const held = idempotentHandler(
    idempotency,
    { operation: 'held', key: eventId, abandoned: 'hold' },
    () => new Promise<never>(() => {}),
  );
  await expect(held({ id: 'a' }, invocation(1_500))).rejects.toMatchObject({ code: 'TIMED_OUT' });
  await expect(held({ id: 'a' }, invocation(30_000))).rejects.toMatchObject({ code: 'HELD' });
});

test('a batch with repeats is executed once, and again after it was delivered again', async () => {
  const effects: string[] = [];
  const handler = sqsBatch(
    idempotency,
    { operation: 'charge', key: (record: SQSRecord) => record.body },
    async (record) => {
      effects.push(record.body);
    },
  );
  const Records = ['a', 'b', 'a', 'c', 'b', 'a'].map((body, at) => message(`m-${at}`, body));
  for (let delivery = 0; delivery < 2; delivery += 1) {
    expect(await handler({ Records }, invocation(30_000))).toEqual({ batchItemFailures: [] });
  }
  expect(effects.sort()).toEqual(['a', 'b', 'c']);
});
