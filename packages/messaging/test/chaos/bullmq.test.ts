import { startRedis } from '@twiceproof/engines';
import { Queue } from 'bullmq';
import { expect, test } from 'vitest';
import { surviveKills } from './chaos.ts';
import { leaseMs } from './work.ts';

test('BullMQ: no kill loses a job, and none repeats an effect without cause', async () => {
  const redis = await startRedis({ own: true });
  const queue = new Queue<string>('chaos', { connection: { host: redis.host, port: redis.port } });
  try {
    await surviveKills({
      client: 'bullmq',
      url: redis.url,
      queue: queue.name,
      workMs: 100,
      redeliveryMs: 2 * leaseMs,
      publish: (bodies) => queue.addBulk(bodies.map((data) => ({ name: 'chaos', data }))),
      left: async () => {
        const { active, delayed, waiting } = await queue.getJobCounts(
          'active',
          'delayed',
          'waiting',
        );
        return active! + delayed! + waiting!;
      },
    });
    expect(await queue.getJobCounts('completed', 'failed')).toEqual({
      completed: 2_000,
      failed: 0,
    });
  } finally {
    await queue.close();
    await redis.stop();
  }
}, 300_000);
