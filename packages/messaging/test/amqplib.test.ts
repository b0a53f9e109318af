import { randomUUID } from 'node:crypto';
import { type RabbitmqEngine, startProxy, startRabbitmq } from '@twiceproof/engines';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { onMessage } from '../src/amqplib/index.ts';
import { deployed } from './deployed.ts';
import { begunElsewhere } from './elsewhere.ts';

let rabbit: RabbitmqEngine;
let connection: ChannelModel;
let channel: Channel;
let queue: string;
let dead: string;

beforeAll(async () => {
  rabbit = await startRabbitmq();
}, 180_000);
afterAll(() => rabbit.stop());

async function open(url = rabbit.url): Promise<ChannelModel> {
  const opened = await connect(url);
  opened.on('error', () => {});
  return opened;
}

beforeEach(async () => {
  connection = await open();
  channel = await connection.createChannel();
  await channel.prefetch(1);
  queue = `charges-${randomUUID()}`;
  dead = `${queue}-dead`;
  await channel.assertQueue(dead, { autoDelete: true });
  await channel.assertQueue(queue, {
    arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': dead },
  });
});
afterEach(async () => {
  await connection.close().catch(() => {});
  const last = await open();
  const cleaner = await last.createChannel();
  for (const name of [queue, dead]) await cleaner.deleteQueue(name);
  await last.close();
});

const key = (message: ConsumeMessage): string => JSON.parse(message.content.toString()).id;
const options = { operation: 'charge', key };
const body = { id: 'pay-1', amount: 12 };

function publish(content: unknown = body): void {
  channel.sendToQueue(queue, Buffer.from(JSON.stringify(content)));
}

/** How many messages are ready once everything that this test opened is closed. */
async function left(name: string): Promise<number> {
  const looking = await open();
  try {
    return (await (await looking.createChannel()).checkQueue(name)).messageCount;
  } finally {
    await looking.close();
  }
}

test('a message that is delivered twice has its effect once, and is done with', async () => {
  const handler = vi.fn(async (_: ConsumeMessage) => 'charged');
  const verdicts: unknown[] = [];
  const consume = onMessage(channel, deployed().idempotency, options, handler);
  publish();
  publish();
  await channel.consume(queue, async (message) => verdicts.push(await consume(message)));
  await vi.waitFor(() => expect(verdicts).toHaveLength(2), 20_000);
  await connection.close();
  expect(handler).toHaveBeenCalledOnce();
  expect(await left(queue)).toBe(0);
  expect(verdicts).toContainEqual(expect.objectContaining({ do: 'ack', value: 'charged' }));
});

test('key and handler get the message as amqplib delivers it', async () => {
  const keyed = vi.fn(key);
  const handled = Promise.withResolvers<ConsumeMessage>();
  publish();
  await channel.consume(
    queue,
    onMessage(channel, deployed().idempotency, { operation: 'charge', key: keyed }, (message) => {
      handled.resolve(message);
    }),
  );
  const message = await handled.promise;
  expect(message.fields.routingKey).toBe(queue);
  expect(keyed).toHaveBeenCalledExactlyOnceWith(message);
});

describe('a message that is to be delivered again', () => {
  test('comes after a pause, and carries its error to whoever looks', async () => {
    const times: number[] = [];
    const error = new Error('gateway down');
    const handler = async (_: ConsumeMessage): Promise<void> => {
      times.push(performance.now());
      if (times.length < 3) throw error;
    };
    const verdicts: unknown[] = [];
    const consume = onMessage(channel, deployed().idempotency, options, handler);
    publish();
    await channel.consume(queue, async (message) => verdicts.push(await consume(message)));
    await vi.waitFor(() => expect(verdicts).toHaveLength(3), 20_000);
    expect(verdicts.slice(0, 2)).toEqual(Array(2).fill({ do: 'retry', outcome: 'failed', error }));
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
    expect(times[2]! - times[1]!).toBeGreaterThan(900);
    await connection.close();
    expect(await left(queue)).toBe(0);
  });

  test('comes when the other executor may be done, and gets its result', async () => {
    const { idempotency, finish } = await begunElsewhere(
      { lease: '2s' },
      { operation: 'charge', key: body.id },
    );
    const verdicts: { do: string; value?: unknown }[] = [];
    const consume = onMessage(channel, idempotency, options, async (_: ConsumeMessage) => 'mine');
    publish();
    await channel.consume(queue, async (message) => {
      verdicts.push((await consume(message))!);
      void finish('theirs');
    });
    await vi.waitFor(() => expect(verdicts.at(-1)?.do).toBe('ack'), 20_000);
    expect(verdicts[0]).toMatchObject({ do: 'retry', afterMs: expect.any(Number) });
    expect(verdicts.at(-1)).toEqual({ do: 'ack', outcome: 'replayed', value: 'theirs' });
  });

  test('is the broker’s again at once when the channel closes before', async () => {
    const asked = Promise.withResolvers<void>();
    const consume = onMessage(channel, deployed().idempotency, options, async () => {
      asked.resolve();
      throw new Error('no');
    });
    publish();
    const verdict = new Promise((resolve) => {
      void channel.consume(queue, (message) => resolve(consume(message)));
    });
    await asked.promise;
    await verdict;
    await connection.close();
    expect(await left(queue)).toBe(1);
  });
});

describe('a message that would end no better is dead-lettered:', () => {
  test.each([
    ['one that is not JSON', 'not { json', async () => 'charged'],
    ['an empty one', '', async () => 'charged'],
    ['one without a key', '{}', async () => 'charged'],
    [
      'one whose work failed for good',
      JSON.stringify(body),
      async () => {
        throw new Error('card declined');
      },
    ],
  ])('%s', async (_name, content, handler) => {
    const idempotency = deployed({ failure: 'record' }).idempotency;
    channel.sendToQueue(queue, Buffer.from(content));
    await channel.consume(queue, onMessage(channel, idempotency, options, handler));
    await vi.waitFor(
      async () => expect((await channel.checkQueue(dead)).messageCount).toBe(1),
      20_000,
    );
    const buried = await channel.get(dead, { noAck: true });
    expect((buried || undefined)?.content.toString()).toBe(content);
    await connection.close();
    expect(await left(queue)).toBe(0);
  });
});

test('two consumers that race for the copies of ten messages have ten effects', async () => {
  const { idempotency, elsewhere } = deployed({ lease: '1s' });
  const effects: string[] = [];
  const handler = async (message: ConsumeMessage): Promise<void> => {
    effects.push(key(message));
  };
  let done = 0;
  for (const each of [idempotency, elsewhere()]) {
    const own = await connection.createChannel();
    await own.prefetch(5);
    const consume = onMessage(own, each, options, handler);
    await own.consume(queue, async (message) => {
      if ((await consume(message))?.do === 'ack') done += 1;
    });
  }
  const ids = Array.from({ length: 10 }, (_, index) => `pay-${index}`);
  for (const id of [...ids, ...ids]) publish({ id });
  await vi.waitFor(() => expect(done).toBe(20), 20_000);
  expect(effects.sort()).toEqual(ids.sort());
});

test('a consumer that the broker cancels is told so with null, which is ignored', async () => {
  const consume = onMessage(channel, deployed().idempotency, options, async () => 'charged');
  const cancelled = new Promise((resolve) => {
    void channel.consume(queue, (message) => {
      if (message === null) resolve(consume(message));
    });
  });
  await channel.checkQueue(queue);
  await channel.deleteQueue(queue);
  expect(await cancelled).toBeUndefined();
});

test('a connection that is lost in mid-work loses nothing: the redelivery finds the record', async () => {
  const proxy = await startProxy({ target: rabbit.url });
  const { idempotency, elsewhere } = deployed({ lease: '1s' });
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const handler = vi.fn(async (_: ConsumeMessage) => {
    started.resolve();
    await finish.promise;
    return 'charged';
  });
  try {
    const cut = await open(`amqp://127.0.0.1:${proxy.port}`);
    const cutChannel = await cut.createChannel();
    cutChannel.on('error', () => {});
    const lost = onMessage(cutChannel, idempotency, options, handler);
    const verdict = new Promise((resolve) => {
      void cutChannel.consume(queue, (message) => resolve(lost(message)));
    });
    publish();
    await started.promise;
    await proxy.stop();
    const again: unknown[] = [];
    const consume = onMessage(channel, elsewhere(), options, handler);
    await channel.consume(queue, async (message) => again.push(await consume(message)));
    await vi.waitFor(() => expect(again).not.toHaveLength(0), 20_000);
    expect(again[0]).toMatchObject({ do: 'retry', outcome: 'in_progress' });
    finish.resolve();
    // It can no longer be acknowledged, and says nothing of it.
    expect(await verdict).toMatchObject({ do: 'ack', outcome: 'executed' });
    await vi.waitFor(() => expect(again.at(-1)).toMatchObject({ do: 'ack' }), 20_000);
    expect(again.at(-1)).toEqual({ do: 'ack', outcome: 'replayed', value: 'charged' });
    expect(handler).toHaveBeenCalledOnce();
  } finally {
    await proxy.stop();
  }
});

test('a broker that is restarted in mid-work delivers again what is done, to no effect', async () => {
  const own = await startRabbitmq({ own: true });
  try {
    const { idempotency } = deployed();
    const handler = vi.fn(async (_: ConsumeMessage) => 'charged');
    const declaring = await open(own.url);
    await (await declaring.createChannel()).assertQueue('durable');
    await declaring.close();
    // Killed right after it has declared its first queue, RabbitMQ sometimes knows nothing of it.
    await own.restart();
    const first = await open(own.url);
    const before = await first.createConfirmChannel();
    before.sendToQueue('durable', Buffer.from(JSON.stringify(body)), { persistent: true });
    await before.waitForConfirms();
    const gone = new Promise((resolve) => first.once('close', resolve));
    const lost = onMessage(before, idempotency, options, async (message: ConsumeMessage) => {
      await own.kill();
      await gone;
      return handler(message);
    });
    const verdict = new Promise((resolve) => {
      void before.consume('durable', (message) => resolve(lost(message)));
    });
    expect(await verdict).toMatchObject({ do: 'ack', outcome: 'executed' });
    await own.restart();
    const second = await open(own.url);
    const after = await second.createChannel();
    const consume = onMessage(after, idempotency, options, handler);
    const again = Promise.withResolvers<unknown>();
    await after.consume('durable', (message) => again.resolve(consume(message)));
    expect(await again.promise).toEqual({ do: 'ack', outcome: 'replayed', value: 'charged' });
    expect(handler).toHaveBeenCalledOnce();
    await second.close();
  } finally {
    await own.stop();
  }
}, 120_000);

test('a process that is told to end acknowledges what runs within close(), and gives back the rest', async () => {
  const { idempotency } = deployed();
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  await channel.prefetch(2);
  publish({ id: 'pay-1' });
  publish({ id: 'pay-2' });
  const handler = vi.fn(() => {
    started.resolve();
    return finish.promise;
  });
  const { consumerTag } = await channel.consume(
    queue,
    onMessage(channel, idempotency, options, handler),
  );
  await started.promise;
  await channel.cancel(consumerTag);
  const closed = idempotency.close();
  finish.resolve();
  expect(await closed).toEqual({ left: [] });
  await connection.close();
  expect(await left(queue)).toBe(2 - handler.mock.calls.length);
});

describe('when it is made, refuses', () => {
  test('a consumer without a key: delivery tags would make every delivery another message', () => {
    const make = (): unknown =>
      onMessage(channel, deployed().idempotency, { operation: 'charge' } as never, async () => {});
    expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
    expect(make).toThrow('key');
  });

  test('something else than a channel', () => {
    const make = (): unknown =>
      onMessage({} as never, deployed().idempotency, options, async () => {});
    expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  });
});

test('a retry counts towards the delivery limit of a quorum queue', async () => {
  const { idempotency, finish } = await begunElsewhere(
    { lease: '1s' },
    { operation: 'charge', key: 'pay-1' },
  );
  const limited = `limited-${queue}`;
  await channel.assertQueue(limited, {
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 2,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': dead,
    },
  });
  const handler = vi.fn();
  await channel.consume(limited, onMessage(channel, idempotency, options, handler));
  channel.sendToQueue(limited, Buffer.from(JSON.stringify(body)));
  const died = Promise.withResolvers<ConsumeMessage | null>();
  const other = await connection.createChannel();
  await other.consume(dead, died.resolve, { noAck: true });
  const message = await died.promise;
  expect(message?.properties.headers?.['x-first-death-reason']).toBe('delivery_limit');
  expect(handler).not.toHaveBeenCalled();
  await finish('charged');
  await channel.deleteQueue(limited);
});
