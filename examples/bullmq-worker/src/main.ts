import { createIdempotency } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { redisStore } from '@twiceproof/redis';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { chargeWorker, type Payment } from './worker.ts';

const engine = await startRedis({ own: true });
const connection = { host: engine.host, port: engine.port };
const redis = new Redis(engine.url);
const queue = new Queue<Payment, string>('charges', { connection });
const events = new QueueEvents('charges', { connection });
await events.waitUntilReady();
const idempotency = createIdempotency({
  environment: 'example',
  store: redisStore({ client: redis }),
});
const worker = chargeWorker(idempotency, connection);

/** Adds a job, waits until it is done, and says how. */
async function charge(what: string, payment: Payment): Promise<void> {
  console.log(what);
  const job = await queue.add('charge', payment, {
    attempts: 3,
    backoff: { type: 'fixed', delay: 10 },
  });
  const receipt = await job.waitUntilFinished(events);
  const { attemptsMade } = (await queue.getJob(job.id!))!;
  console.log(`  job ${job.id}: ${receipt}, attempt ${attemptsMade}`);
}

try {
  const payment = { paymentId: 'pay-1', euros: 12 };
  await charge('A payment whose first attempt fails:', payment);
  await charge('The same payment in another job:', payment);
  await charge('Another payment:', { paymentId: 'pay-2', euros: 30 });
  await worker.close();
  await idempotency.close();
} finally {
  await Promise.all([queue.close(), events.close()]);
  redis.disconnect();
  await engine.stop();
}
