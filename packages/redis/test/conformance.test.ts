import { startRedis, startRedisCluster, startRedisSentinel } from '@twiceproof/engines';
import { describeStore, type StoreHarness } from '@twiceproof/testing';
import { Cluster, Redis } from 'ioredis';
import { redisStore } from '../src/redis-store.ts';

const prefix = 'conformance';

/** Two stores, each with a client of its own. */
function harness(connect: () => Redis | Cluster, stopEngine: () => Promise<void>): StoreHarness {
  const clients = [connect(), connect()] as const;
  const stores = [
    redisStore({ client: clients[0], prefix }),
    redisStore({ client: clients[1], prefix }),
  ] as const;
  return {
    stores,
    async damage(id) {
      const key = `${prefix}:${id}`;
      const length = await clients[0].strlen(key);
      const start = await clients[0].getrangeBuffer(key, 0, Math.floor(length / 3));
      await clients[0].set(key, start, 'KEEPTTL');
    },
    clientWorks: () => clients[0].get('any'),
    async dispose() {
      for (const store of stores) await store.close();
      for (const client of clients) client.disconnect();
      await stopEngine();
    },
  };
}

for (const enableAutoPipelining of [false, true]) {
  const how = enableAutoPipelining ? ' with auto-pipelining' : '';

  describeStore(
    `Redis${how}`,
    async () => {
      const { url, stop } = await startRedis();
      return harness(() => new Redis(url, { enableAutoPipelining }), stop);
    },
    { without: ['setup'], parallel: true },
  );

  describeStore(
    `Redis Cluster${how}`,
    async () => {
      const { nodes, stop } = await startRedisCluster();
      return harness(() => new Cluster([...nodes], { enableAutoPipelining }), stop);
    },
    { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
  );
}

describeStore(
  'Redis behind Sentinel',
  async () => {
    const { name, sentinels, stop } = await startRedisSentinel();
    return harness(() => new Redis({ name, sentinels: [...sentinels] }), stop);
  },
  { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
);
