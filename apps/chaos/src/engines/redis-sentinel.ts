import { startRedisSentinel } from '@twiceproof/engines';
import { inRole } from './in-role.ts';
import { durable } from './redis.ts';
import type { Target } from './target.ts';

/** A master and a replica, watched by three sentinels. */
export async function redisSentinel(): Promise<Target> {
  const { name, sentinels, master, replica, stop } = await startRedisSentinel({ config: durable });
  return {
    connection: { kind: 'sentinel', name, sentinels },
    async failOver() {
      await master.kill();
      await inRole(replica.url, 'master');
      await master.restart();
      // Until then it takes writes that nobody will know of.
      await inRole(master.url, 'slave');
    },
    stop,
  };
}
