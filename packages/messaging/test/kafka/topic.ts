import { randomUUID } from 'node:crypto';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';

/** A topic of its own, with a producer and a group of consumers. */
export interface Topic {
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly name: string;
  readonly group: string;
  publish(...bodies: (string | object)[]): Promise<void>;
  /** A consumer of the group, which is yet to run. */
  join(): Promise<Consumer>;
  /** The sum of the offsets that the group has committed. */
  committed(): Promise<number>;
  close(): Promise<void>;
}

export async function openTopic(brokers: readonly string[], partitions = 1): Promise<Topic> {
  const kafka = new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 10 },
  });
  const name = `charges-${randomUUID()}`;
  const group = `${name}-group`;
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions }] });
  const consumers: Consumer[] = [];
  return {
    kafka,
    producer,
    name,
    group,
    publish: async (...bodies) => {
      const messages = bodies.map((body) => ({
        value: typeof body === 'string' ? body : JSON.stringify(body),
      }));
      await producer.send({ topic: name, messages });
    },
    join: async () => {
      const consumer = kafka.consumer({
        groupId: group,
        sessionTimeout: 6_000,
        heartbeatInterval: 500,
        maxWaitTimeInMs: 200,
        retry: { initialRetryTime: 100, retries: 10 },
      });
      consumers.push(consumer);
      await consumer.connect();
      await consumer.subscribe({ topics: [name], fromBeginning: true });
      return consumer;
    },
    committed: async () => {
      const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [name] });
      return (offsets?.partitions ?? [])
        .map(({ offset }) => Math.max(0, Number(offset)))
        .reduce((sum, each) => sum + each, 0);
    },
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.disconnect()));
      await admin.deleteTopics({ topics: [name] });
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}
