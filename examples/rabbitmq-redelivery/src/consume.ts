// One consumer of the queue: node consume.ts RABBITMQ_URL REDIS_URL [die]
import { createIdempotency, currentExecution } from '@twiceproof/core';
import { onMessage } from '@twiceproof/messaging/amqplib';
import { redisStore } from '@twiceproof/redis';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';

const [url = '', redisUrl = '', die] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const idempotency = createIdempotency({
  environment: 'example',
  store: redisStore({ client: redis }),
  lease: '2s',
});

const connection = await connect(url);
const channel = await connection.createChannel();
await channel.prefetch(1);
await channel.assertQueue('charges-dead');
await channel.assertQueue('charges', {
  arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'charges-dead' },
});

const consume = onMessage(
  channel,
  idempotency,
  { operation: 'charge', key: (message) => JSON.parse(message.content.toString()).paymentId },
  async (message) => {
    const { paymentId } = JSON.parse(message.content.toString());
    console.log(`charge ${paymentId}, with the key ${currentExecution().downstreamKey}`);
    // The effect has happened, and nobody was told.
    if (die) process.kill(process.pid, 'SIGKILL');
    return `receipt-of-${paymentId}`;
  },
);

const outcomes = new Set<string>();
const { consumerTag } = await channel.consume('charges', async (message) => {
  const verdict = await consume(message);
  if (!verdict) return;
  const said = `${verdict.do}: ${verdict.outcome}${verdict.value ? `, ${verdict.value}` : ''}`;
  // Until the lease of the dead process is over, the message comes back once or more often.
  if (!outcomes.has(said)) console.log(said);
  outcomes.add(said);
  if (verdict.do !== 'retry') process.emit('SIGTERM');
});

process.once('SIGTERM', async () => {
  await channel.cancel(consumerTag);
  await idempotency.close();
  await channel.close();
  await connection.close();
  redis.disconnect();
});
