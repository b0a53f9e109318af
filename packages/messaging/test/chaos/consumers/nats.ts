import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { onMessage } from '../../../src/nats/index.ts';
import { consumerProcess } from '../consumer-process.ts';

await consumerProcess(async ({ url, queue }, { idempotency, handler }) => {
  const connection = await connect({ servers: url });
  const consumer = await jetstream(connection).consumers.get(queue, 'charge');
  const running = new Set<Promise<unknown>>();
  const take = onMessage(
    idempotency,
    { operation: 'chaos', key: (message) => message.string() },
    (message) => handler(message.string()),
  );
  const messages = await consumer.consume({
    max_messages: 10,
    callback: (message) => {
      const handled = take(message).finally(() => running.delete(handled));
      running.add(handled);
    },
  });
  return async () => {
    messages.stop();
    await Promise.all(running);
    await connection.drain();
  };
});
