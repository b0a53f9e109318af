import { startRedis } from '@idemkit/engines';
import { describeStore } from '@idemkit/testing';
import { Redis } from 'ioredis';
import { redisStore } from './redis-store.ts';

for (const enableAutoPipelining of [false, true]) {
  describeStore(
    enableAutoPipelining ? 'Redis with auto-pipelining' : 'Redis',
    async () => {
      const redis = await startRedis();
      const clients = [1, 2].map(() => new Redis(redis.url, { enableAutoPipelining }));
      const [one, other] = clients.map((client) => redisStore({ client, prefix: 'conformance' }));
      return {
        stores: [one!, other!],
        async damage(id) {
          const key = `conformance:${id}`;
          const length = await clients[0]!.strlen(key);
          const start = await clients[0]!.getrangeBuffer(key, 0, Math.floor(length / 3));
          await clients[0]!.set(key, start, 'KEEPTTL');
        },
        clientWorks: () => clients[0]!.ping(),
        async dispose() {
          await Promise.all([one!.close(), other!.close()]);
          for (const client of clients) client.disconnect();
          await redis.stop();
        },
      };
    },
    { without: ['setup'] },
  );
}
