import { connect } from 'amqplib';
import { onMessage } from '../../../src/amqplib/index.ts';
import { consumerProcess } from '../consumer-process.ts';

await consumerProcess(async ({ url, queue }, { idempotency, handler }) => {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.prefetch(5);
  const running = new Set<Promise<unknown>>();
  const consume = onMessage(
    channel,
    idempotency,
    { operation: 'chaos', key: (message) => message.content.toString() },
    (message) => handler(message.content.toString()),
  );
  const { consumerTag } = await channel.consume(queue, (message) => {
    const handled = consume(message).finally(() => running.delete(handled));
    running.add(handled);
  });
  return async () => {
    await channel.cancel(consumerTag);
    await Promise.all(running);
    await connection.close();
  };
});
