import { startRedisSentinel } from '@twiceproof/engines';
import { durable } from './redis.ts';
import { serving } from './serving.ts';
import type { Target } from './target.ts';

/** A master and a replica, watched by three sentinels. */
export async function redisSentinel(): Promise<Target> {
  const { name, sentinels, master, replica, stop } = await startRedisSentinel({ config: durable });
  return {
    connection: { kind: 'sentinel', name, sentinels },
    async failOver() {
      await master.kill();
      await serving(replica.url);
      await master.restart();
    },
    stop,
  };
}
