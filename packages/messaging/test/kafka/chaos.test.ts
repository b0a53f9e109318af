import { startKafka } from '@twiceproof/engines';
import { test } from 'vitest';
import { surviveKills } from '../chaos/chaos.ts';
import { openTopic } from './topic.ts';

test('Kafka: no kill loses a message, and none repeats an effect without cause', async () => {
  const kafka = await startKafka();
  // A dead member holds up its group until its session is over; a broker of the user's may not allow shorter ones.
  const sessionTimeout = process.env.KAFKA_BROKERS ? 6_000 : 700;
  const topic = await openTopic(kafka.brokers, 6);
  try {
    await surviveKills({
      client: 'kafkajs',
      url: JSON.stringify({ brokers: kafka.brokers, group: topic.group, sessionTimeout }),
      queue: topic.name,
      workMs: 40,
      redeliveryMs: 2 * sessionTimeout,
      killEveryMs: Math.max(1_000, 2 * sessionTimeout),
      publish: (bodies) => topic.publish(...bodies),
      left: async () => 2_000 - (await topic.committed()),
    });
  } finally {
    await topic.close();
    await kafka.stop();
  }
}, 300_000);
