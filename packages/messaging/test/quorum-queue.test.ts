import { randomUUID } from 'node:crypto';
import { type RabbitmqEngine, startRabbitmq } from '@twiceproof/engines';
import { type ConsumeMessage, connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onMessage } from '../src/amqplib/index.ts';
import { deployed } from './deployed.ts';

let rabbit: RabbitmqEngine;
beforeAll(async () => {
  rabbit = await startRabbitmq();
}, 180_000);
afterAll(() => rabbit.stop());

test('a message outlasts what takes longer than as many retries, one a second, as its queue allows', async () => {
  const connection = await connect(rabbit.url);
  const channel = await connection.createChannel();
  await channel.prefetch(1);
  const queue = `charges-${randomUUID()}`;
  const dead = `${queue}-dead`;
  try {
    await channel.assertQueue(dead);
    await channel.assertQueue(queue, {
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': 3,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': dead,
      },
    });
    const counts: unknown[] = [];
    let from: number | undefined;
    const handler = async ({ properties }: ConsumeMessage): Promise<string> => {
      from ??= performance.now();
      counts.push(properties.headers?.['x-delivery-count'] ?? 0);
      if (performance.now() - from < 5_000) throw new Error('gateway down');
      return 'charged';
    };
    const end = Promise.withResolvers<unknown>();
    const options = {
      operation: 'charge',
      key: (message: ConsumeMessage) => message.content.toString(),
    };
    const consume = onMessage(channel, deployed().idempotency, options, handler);
    channel.sendToQueue(queue, Buffer.from('pay-1'));
    await channel.consume(queue, async (message) => {
      const verdict = await consume(message);
      if (verdict?.do === 'ack') end.resolve(verdict.value);
    });
    await channel.consume(dead, () => end.resolve('dead-lettered'), { noAck: true });
    expect(await end.promise).toBe('charged');
    expect(counts).toEqual([0, 1, 2, 3].slice(0, counts.length));
  } finally {
    for (const name of [queue, dead]) await channel.deleteQueue(name);
    await connection.close();
  }
});
