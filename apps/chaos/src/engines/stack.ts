import { startPostgres, startProxy, startRedis } from '@twiceproof/engines';
import { postgresStore } from '@twiceproof/postgres';
import { Pool } from 'pg';
import type { Target } from './target.ts';

/** Memory before Redis before Postgres, which alone decides; the proxy leads to Postgres. */
export async function stack(): Promise<Target> {
  const [tier, authority] = await Promise.all([
    startRedis({ own: true }),
    startPostgres({ own: true }),
  ]);
  const proxy = await startProxy({ target: authority.url });
  const pool = new Pool({ connectionString: authority.url });
  await postgresStore({ client: pool }).setup();
  await pool.end();
  return {
    connection: { kind: 'stack', redis: tier.url, postgres: proxy.through(authority.url) },
    proxy,
    async crash() {
      // What the tier kept in memory is gone.
      await Promise.all([tier.kill(), authority.kill()]);
      await Promise.all([tier.restart(), authority.restart()]);
    },
    restart: () => authority.restart(),
    async stop() {
      await proxy.stop();
      await Promise.all([tier.stop(), authority.stop()]);
    },
  };
}
