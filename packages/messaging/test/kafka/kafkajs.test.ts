import { type KafkaEngine, startKafka } from '@twiceproof/engines';
import type { Consumer, EachMessagePayload } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eachMessage } from '../../src/kafkajs/index.ts';
import { deployed } from '../deployed.ts';
import { begunElsewhere, heldElsewhere } from '../elsewhere.ts';
import { openTopic, type Topic } from './topic.ts';

let kafka: KafkaEngine;
let topic: Topic;

beforeAll(async () => {
  kafka = await startKafka();
}, 300_000);
afterAll(() => kafka.stop());
beforeEach(async () => {
  topic = await openTopic(kafka.brokers);
});
afterEach(() => topic.close());

const idOf = ({ message }: EachMessagePayload): string =>
  JSON.parse(message.value?.toString() ?? '').id;
const options = { operation: 'charge', key: idOf };
const [first, second] = [{ id: 'pay-1' }, { id: 'pay-2' }];

async function run(handle: (payload: EachMessagePayload) => Promise<void>): Promise<Consumer> {
  const consumer = await topic.join();
  await consumer.run({ eachMessage: handle });
  return consumer;
}

const patience = { timeout: 30_000 };
const allCommitted = (count: number): Promise<void> =>
  vi.waitFor(async () => expect(await topic.committed()).toBe(count), patience);

const work = { operation: 'charge', key: first.id };

test('a message that is sent twice has its effect once, and both are committed', async () => {
  const keyed = vi.fn(idOf);
  const handler = vi.fn(async (_: EachMessagePayload) => 'charged');
  await topic.publish(first, first, second);
  await run(eachMessage(deployed().idempotency, { operation: 'charge', key: keyed }, handler));
  await allCommitted(3);
  expect(handler.mock.calls.map(([payload]) => idOf(payload))).toEqual(['pay-1', 'pay-2']);
  expect(handler.mock.calls[0]).toEqual(keyed.mock.calls[0]);
  expect(handler.mock.calls[0]![0]).toMatchObject({ topic: topic.name, partition: 0 });
});

test('a handler that throws gets its message again by the client’s own retries, in order', async () => {
  const seen: string[] = [];
  const handler = async (payload: EachMessagePayload): Promise<void> => {
    seen.push(idOf(payload));
    if (seen.length < 3) throw new Error('gateway down');
  };
  await topic.publish(first, second);
  await run(eachMessage(deployed().idempotency, options, handler));
  await allCommitted(2);
  expect(seen).toEqual(['pay-1', 'pay-1', 'pay-1', 'pay-2']);
});

describe('work in progress elsewhere', () => {
  test('is waited for in place, with heartbeats, and in order', async () => {
    const { idempotency, finish } = await begunElsewhere({ lease: '2s' }, work);
    const seen: string[] = [];
    await topic.publish(first, second);
    const consumer = await run(
      eachMessage(idempotency, options, async (payload) => {
        seen.push(idOf(payload));
      }),
    );
    const left = vi.fn();
    consumer.on('consumer.rebalancing', left);
    consumer.on('consumer.crash', left);
    let beats = 0;
    consumer.on('consumer.heartbeat', () => {
      beats += 1;
    });
    // More of them than fit into the six seconds of the session that one alone would last.
    await vi.waitFor(() => expect(beats).toBeGreaterThan(8), patience);
    expect(seen).toEqual([]);
    await finish('theirs');
    await allCommitted(2);
    expect(seen).toEqual(['pay-2']);
    expect(left).not.toHaveBeenCalled();
  });

  test('is no longer waited for when the signal aborts: the message is left to the next consumer', async () => {
    const { idempotency, finish } = await begunElsewhere({ lease: '20s' }, work);
    const stop = new AbortController();
    const handle = eachMessage(idempotency, { ...options, signal: stop.signal }, async () => {});
    const outcomes: unknown[] = [];
    await topic.publish(first);
    const consumer = await run((payload) => {
      const handled = handle(payload);
      handled.catch((error: unknown) => outcomes.push(error));
      return handled;
    });
    await new Promise((resolve) => consumer.on('consumer.heartbeat', resolve));
    expect(outcomes).toEqual([]);
    stop.abort();
    await vi.waitFor(() => expect(outcomes).not.toHaveLength(0), patience);
    expect(outcomes[0]).toMatchObject({ code: 'IN_PROGRESS' });
    await consumer.stop();
    expect(await topic.committed()).toBe(0);
    await finish('theirs');
    await run(eachMessage(idempotency, options, async () => {}));
    await allCommitted(1);
  });
});

describe('what would end no better', () => {
  const poison = ['not { json', '', '{}', JSON.stringify(first)];

  test('is kept by deadLetter, and passed over', async () => {
    const { idempotency } = deployed({ failure: 'record' });
    const deadLetter = vi.fn(async (_payload: EachMessagePayload, _reason: unknown) => {});
    await topic.publish(...poison, second);
    await run(
      eachMessage(idempotency, { ...options, deadLetter }, async (payload) => {
        if (idOf(payload) === first.id) throw new Error('card declined');
      }),
    );
    await allCommitted(5);
    const dead = deadLetter.mock.calls.map(([{ message }]) => message.value?.toString());
    expect(dead).toEqual(poison);
    expect(deadLetter.mock.calls[2]![1]).toMatchObject({ code: 'KEY_MISSING' });
    expect(deadLetter.mock.calls[3]![1]).toMatchObject({ message: 'card declined' });
  });

  test('stays where deadLetter itself fails, and is kept at the next try', async () => {
    const deadLetter = vi.fn().mockRejectedValueOnce(new Error('no such topic'));
    await topic.publish('{}', second);
    await run(eachMessage(deployed().idempotency, { ...options, deadLetter }, async () => {}));
    await allCommitted(2);
    expect(deadLetter).toHaveBeenCalledTimes(2);
  });

  test('is not passed over in silence where there is no deadLetter', async () => {
    const handler = vi.fn();
    await topic.publish('not { json', second);
    const consumer = await run(eachMessage(deployed().idempotency, options, handler));
    const crash = await new Promise<Error>((resolve) =>
      consumer.on('consumer.crash', ({ payload }) => resolve(payload.error)),
    );
    expect(crash.message).toContain('JSON');
    expect(handler).not.toHaveBeenCalled();
    expect(await topic.committed()).toBe(0);
  });

  test('is what is held for an operator, unless it is said to be retried', async () => {
    const { idempotency } = await heldElsewhere({ abandoned: 'hold' }, work);
    const deadLetter = vi.fn();
    const stop = new AbortController();
    const heartbeat = vi.fn(async () => {});
    const payload = { heartbeat, message: { value: Buffer.from(JSON.stringify(first)) } };
    const handle = (own: object) =>
      eachMessage(idempotency, { ...options, deadLetter, ...own }, async () => {})(
        payload as never,
      );
    await handle({});
    expect(deadLetter).toHaveBeenCalledExactlyOnceWith(
      payload,
      expect.objectContaining({ code: 'HELD' }),
    );
    const waiting = handle({ held: 'retry', signal: stop.signal });
    await vi.waitFor(() => expect(heartbeat).toHaveBeenCalled(), patience);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'HELD' });
    expect(deadLetter).toHaveBeenCalledOnce();
  });
});

test('work that takes longer than a session keeps its partition while it holds its lease', async () => {
  const finish = Promise.withResolvers<void>();
  const handler = vi.fn(() => finish.promise);
  const rebalanced = vi.fn();
  await topic.publish(first);
  const consumer = await run(eachMessage(deployed({ lease: '1s' }).idempotency, options, handler));
  consumer.on('consumer.rebalancing', rebalanced);
  consumer.on('consumer.crash', rebalanced);
  let beats = 0;
  consumer.on('consumer.heartbeat', () => {
    beats += 1;
  });
  await vi.waitFor(() => expect(beats).toBeGreaterThan(8), patience);
  finish.resolve();
  await allCommitted(1);
  expect(handler).toHaveBeenCalledOnce();
  expect(rebalanced).not.toHaveBeenCalled();
});

test('a broker that is restarted in mid-work delivers again what is done, to no effect', async () => {
  const own = await startKafka({ own: true });
  const theirs = await openTopic(own.brokers);
  try {
    const handler = vi.fn(async (_: EachMessagePayload) => {
      await own.kill();
      await own.restart();
    });
    await theirs.publish(first, second);
    const consumer = await theirs.join();
    const handle = eachMessage(deployed().idempotency, options, async (payload) => {
      if (idOf(payload) === first.id) await handler(payload);
    });
    await consumer.run({ eachMessage: handle });
    await vi.waitFor(async () => expect(await theirs.committed()).toBe(2), { timeout: 60_000 });
    expect(handler).toHaveBeenCalledOnce();
  } finally {
    await theirs.close();
    await own.stop();
  }
}, 180_000);

describe('when it is made, refuses', () => {
  const make = (own: object) => (): unknown =>
    eachMessage(deployed().idempotency, { operation: 'charge', ...own } as never, async () => {});
  test.each([
    ['key', {}],
    ['deadLetter', { key: idOf, deadLetter: 'topic' }],
    ['signal', { key: idOf, signal: true }],
    ['held', { key: idOf, held: 'skip' }],
  ])('a wrong %s', (name, own) => {
    expect(make(own)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
    expect(make(own)).toThrow(name);
  });
});
