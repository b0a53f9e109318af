import { startDynamodb, startRedis, startSqs } from '@twiceproof/engines';
import { connect } from './idempotency.ts';
import { createQueue } from './queue.ts';
import { startWorker } from './worker.ts';

const [engine, redis, dynamodb] = await Promise.all([
  startSqs({ own: true }),
  startRedis({ own: true }),
  startDynamodb({ own: true }),
]);
const urls = { redis: redis.url, dynamodb: dynamodb.endpoint };
const queue = await createQueue(engine.endpoint);

/** Lets one worker empty the queue, and ends it. */
async function work(name: string): Promise<void> {
  const { idempotency, close } = await connect(urls);
  const stop = startWorker(name, queue, idempotency);
  await queue.drained();
  await stop();
  await close();
}

try {
  const first = JSON.stringify({ paymentId: 'pay-1', euros: 12 });
  await queue.send(first);
  await queue.send(JSON.stringify({ paymentId: 'pay-2', euros: 30 }));
  await queue.send(first);
  await work('worker 1');

  console.log('\nIts replacement knows what was done: from Redis, and from DynamoDB alone.');
  await queue.send(first);
  await work('worker 2');
  await redis.restart();
  await queue.send(first);
  await work('worker 3');

  console.log('\nWhat would end no better goes to the dead-letter queue.');
  await queue.send(JSON.stringify({ paymentId: 'pay-1', euros: 13 }));
  await queue.send(JSON.stringify({ paymentId: 'pay-3', euros: 5_000 }));
  await queue.send('not { json');
  await work('worker 4');
  console.log(`dead letters: ${await queue.deadLetters()}`);
} finally {
  queue.sqs.destroy();
  await Promise.all([engine.stop(), redis.stop(), dynamodb.stop()]);
}
