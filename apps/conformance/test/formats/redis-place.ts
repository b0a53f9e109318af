import { startRedis } from '@twiceproof/engines';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import type { Place } from './place.ts';

export async function redisPlace(): Promise<Place> {
  const engine = await startRedis();
  const client = new Redis(engine.url);
  let spaces = 0;
  return {
    async fresh(left) {
      spaces += 1;
      const prefix = `formats-${process.pid}-${spaces}`;
      for (const { id, value, until } of left?.rows ?? []) {
        const bytes = Buffer.from(String(value), 'latin1');
        const key = `${prefix}:${id}`;
        await client.set(key, bytes);
        if (until !== -1) await client.pexpireat(key, Number(until));
      }
      return {
        store: redisStore({ client, prefix }),
        async rows() {
          const keys = await client.keys(`${prefix}:*`);
          return Promise.all(
            keys.sort().map(async (key) => ({
              id: key.slice(prefix.length + 1),
              value: (await client.getBuffer(key))!.toString('latin1'),
              until: await client.pexpiretime(key),
            })),
          );
        },
      };
    },
    async stop() {
      client.disconnect();
      await engine.stop();
    },
  };
}
