import { createIdempotency, tiered } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { redisInvalidation, redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Backend, startBackend } from './backends.ts';

const maxAge = '2s';

/** Processes with a memory each, on one Redis and one DynamoDB table. */
describe('memory → redis → dynamodb', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let dynamodb: Backend;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    dynamodb = await startBackend.dynamodb();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await dynamodb?.stop();
    await redis?.stop();
  });

  async function startProcess(prefix: string, invalidated: boolean) {
    const client = new Redis(redis.url);
    const invalidation = invalidated ? redisInvalidation({ client, channel: prefix }) : undefined;
    const tiers = [memoryStore(), redisStore({ client, prefix })].map(
      (store) => ({ store, maxAge }) as const,
    );
    const store = tiered([...tiers, await dynamodb.open()], { invalidation });
    closing.push(
      () => store.close?.(),
      () => client.disconnect(),
    );
    return createIdempotency({ environment: 'test', store });
  }

  for (const invalidated of [false, true]) {
    const within = invalidated ? 'within a second, with invalidation' : `within maxAge, ${maxAge}`;
    it(`every process stops serving what an operator deleted: ${within}`, async () => {
      const prefix = `stack-${invalidated}-${Date.now()}`;
      const work = vi.fn(async (_id: string) => 'ok');
      const processes = await Promise.all([1, 2, 3].map(() => startProcess(prefix, invalidated)));
      const wrapped = processes.map((process) =>
        process.wrap(work, { operation: prefix, key: (id: string) => id, inProgress: 'wait' }),
      );
      for (const call of wrapped) await call('a');
      for (const call of wrapped) expect((await call.execute('a')).outcome).toBe('replayed');
      expect(work).toHaveBeenCalledTimes(1);

      const fence = (await wrapped[0]!.execute('a')).record!.fence;
      await processes[0]!.records.delete(await wrapped[0]!.idOf('a'));
      const deletedAt = performance.now();
      const served = await Promise.all(wrapped.map((call) => untilNewer(call, fence, deletedAt)));
      // The bound is a promise of the product, not a speed: it is what this test is about.
      for (const ms of served) expect(ms).toBeLessThan(invalidated ? 1_000 : 3_000);
      expect(work).toHaveBeenCalledTimes(2);
    });
  }

  /** Milliseconds after the deletion at which somebody asked for the last time and was served the old record. */
  async function untilNewer(
    call: { execute(id: string): Promise<{ record: { fence: number } | undefined }> },
    fence: number,
    since: number,
  ): Promise<number> {
    let last = 0;
    for (;;) {
      const askedAt = performance.now();
      const { record } = await call.execute('a');
      if (record!.fence > fence) return last;
      last = askedAt - since;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
