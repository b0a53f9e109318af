import { Kafka, logLevel } from 'kafkajs';
import { eachMessage } from '../../../src/kafkajs/index.ts';
import { consumerProcess } from '../consumer-process.ts';

await consumerProcess(async ({ url, queue }, { idempotency, handler }) => {
  const { brokers, group, sessionTimeout } = JSON.parse(url);
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout,
    heartbeatInterval: sessionTimeout / 5,
    maxWaitTimeInMs: 100,
    retry: { initialRetryTime: 50, retries: 1_000 },
  });
  const stop = new AbortController();
  await consumer.connect();
  await consumer.subscribe({ topics: [queue], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachMessage: eachMessage(
      idempotency,
      { operation: 'chaos', key: ({ message }) => message.value?.toString(), signal: stop.signal },
      ({ message }) => handler(message.value?.toString() ?? ''),
    ),
  });
  return async () => {
    stop.abort();
    await consumer.disconnect();
  };
});
