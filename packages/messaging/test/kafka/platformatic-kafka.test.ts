import { randomUUID } from 'node:crypto';
import { Consumer, type Message, stringDeserializers } from '@platformatic/kafka';
import { type KafkaEngine, startKafka } from '@twiceproof/engines';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { onMessage } from '../../src/platformatic-kafka/index.ts';
import { deployed } from '../deployed.ts';
import { begunElsewhere } from '../elsewhere.ts';
import { openTopic, type Topic } from './topic.ts';

type Text = Message<string, string, string, string>;

let kafka: KafkaEngine;
let topic: Topic;
const consumers: Consumer<string, string, string, string>[] = [];

beforeAll(async () => {
  kafka = await startKafka();
}, 300_000);
afterAll(() => kafka.stop());
beforeEach(async () => {
  topic = await openTopic(kafka.brokers);
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.close(true)));
  await topic.close();
});

const idOf = (message: Text): string => JSON.parse(message.value).id;
const options = { operation: 'charge', key: idOf };
const [first, second] = [{ id: 'pay-1' }, { id: 'pay-2' }];

/** Handles the messages of a stream until it ends, or `handle` throws. */
async function consume(handle: (message: Text) => Promise<void>): Promise<void> {
  const consumer = new Consumer({
    bootstrapBrokers: [...kafka.brokers],
    clientId: randomUUID(),
    groupId: topic.group,
    deserializers: stringDeserializers,
    sessionTimeout: 6_000,
    heartbeatInterval: 500,
    maxWaitTime: 200,
  });
  consumers.push(consumer);
  const stream = await consumer.consume({
    topics: [topic.name],
    autocommit: false,
    mode: 'committed',
    fallbackMode: 'earliest',
  });
  for await (const message of stream) await handle(message);
}

const allCommitted = (count: number): Promise<void> =>
  vi.waitFor(async () => expect(await topic.committed()).toBe(count), { timeout: 30_000 });

test('a message that is sent twice has its effect once, and both are committed', async () => {
  const handler = vi.fn(async (_: Text) => 'charged');
  await topic.publish(first, first, second);
  void consume(onMessage(deployed().idempotency, options, handler));
  await allCommitted(3);
  expect(handler.mock.calls.map(([message]) => idOf(message))).toEqual(['pay-1', 'pay-2']);
});

test('what the handler throws ends the stream, uncommitted; the next one executes again', async () => {
  const handler = vi.fn(async (_: Text) => {}).mockRejectedValueOnce(new Error('gateway down'));
  const handle = onMessage(deployed().idempotency, options, handler);
  await topic.publish(first);
  await expect(consume(handle)).rejects.toThrow('gateway down');
  expect(await topic.committed()).toBe(0);
  await Promise.all(consumers.splice(0).map((consumer) => consumer.close(true)));
  void consume(handle);
  await allCommitted(1);
  expect(handler).toHaveBeenCalledTimes(2);
});

test('work in progress elsewhere is waited for in place, and in order', async () => {
  const { idempotency, finish } = await begunElsewhere(
    { lease: '2s' },
    { operation: 'charge', key: first.id },
  );
  const seen: string[] = [];
  const asked = vi.fn(idOf);
  await topic.publish(first, second);
  const handle = onMessage(
    idempotency,
    { operation: 'charge', key: asked },
    async (message: Text) => {
      seen.push(idOf(message));
    },
  );
  void consume(handle);
  await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(1), { timeout: 30_000 });
  expect(seen).toEqual([]);
  await finish('theirs');
  await allCommitted(2);
  expect(seen).toEqual(['pay-2']);
});

test('what would end no better is kept by deadLetter, and passed over', async () => {
  const deadLetter = vi.fn(async (_message: Text, _reason: unknown) => {});
  const handler = vi.fn(async (_: Text) => {});
  await topic.publish('not { json', '{}', second);
  void consume(onMessage(deployed().idempotency, { ...options, deadLetter }, handler));
  await allCommitted(3);
  expect(deadLetter.mock.calls.map(([{ value }]) => value)).toEqual(['not { json', '{}']);
  expect(handler).toHaveBeenCalledOnce();
});
