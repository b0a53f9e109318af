import { randomUUID } from 'node:crypto';
import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';

/** A stream of its own with one durable consumer, on a connection of its own. */
export interface Stream {
  readonly connection: NatsConnection;
  readonly consumer: Consumer;
  readonly manager: JetStreamManager;
  readonly name: string;
  publish(body: unknown): Promise<void>;
  /** How many messages are yet to be delivered, or are delivered and not answered. */
  left(): Promise<number>;
  close(): Promise<void>;
}

export async function openStream(
  url: string,
  ackWaitMs: number,
  own: Partial<ConsumerConfig> = {},
): Promise<Stream> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  const name = `charges-${randomUUID()}`;
  await manager.streams.add({ name, subjects: [name] });
  await manager.consumers.add(name, {
    durable_name: 'charge',
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    ...own,
  });
  const client = jetstream(connection);
  return {
    connection,
    consumer: await client.consumers.get(name, 'charge'),
    manager,
    name,
    publish: async (body) => {
      await client.publish(name, typeof body === 'string' ? body : JSON.stringify(body));
    },
    left: async () => {
      const { num_ack_pending, num_pending } = await manager.consumers.info(name, 'charge');
      return num_ack_pending + num_pending;
    },
    close: async () => {
      await manager.streams.delete(name).catch(() => {});
      await connection.close();
    },
  };
}
