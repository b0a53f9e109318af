import { startRabbitmq } from '@twiceproof/engines';
import { connect } from 'amqplib';
import { test } from 'vitest';
import { surviveKills } from './chaos.ts';

test('RabbitMQ: no kill loses a message, and none repeats an effect without cause', async () => {
  const rabbit = await startRabbitmq({ own: true });
  try {
    const connection = await connect(rabbit.url);
    const channel = await connection.createConfirmChannel();
    const queue = 'chaos';
    await channel.assertQueue(queue);
    await surviveKills({
      client: 'amqplib',
      url: rabbit.url,
      queue,
      workMs: 100,
      redeliveryMs: 1_000,
      publish: async (bodies) => {
        for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body));
        await channel.waitForConfirms();
      },
      left: async () => (await channel.checkQueue(queue)).messageCount,
    });
    await connection.close();
  } finally {
    await rabbit.stop();
  }
}, 300_000);
