import { type Job, Worker } from 'bullmq';
import { processor } from '../../../src/bullmq/index.ts';
import { consumerProcess } from '../consumer-process.ts';
import { leaseMs } from '../work.ts';

await consumerProcess(async ({ url, queue }, { idempotency, handler }) => {
  const { hostname, port } = new URL(url);
  const worker = new Worker(
    queue,
    processor(idempotency, { operation: 'chaos', key: (job) => job.data }, (job: Job<string>) =>
      handler(job.data),
    ),
    {
      connection: { host: hostname, port: Number(port) },
      concurrency: 5,
      lockDuration: leaseMs,
      stalledInterval: leaseMs / 2,
      // Every kill may stall a job, and one that was unlucky twice is no failure.
      maxStalledCount: 1_000,
    },
  );
  await worker.waitUntilReady();
  return () => worker.close();
});
