import type { Cluster, Redis } from 'ioredis';
import { expectTypeOf, test } from 'vitest';
import type { RedisClient } from './client.ts';

test('takes every client of ioredis', () => {
  expectTypeOf<Redis>().toExtend<RedisClient>();
  expectTypeOf<Cluster>().toExtend<RedisClient>();
});
