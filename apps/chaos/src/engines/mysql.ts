import { startMariadb, startProxy } from '@twiceproof/engines';
import { mysqlStore } from '@twiceproof/mysql';
import { createPool } from 'mysql2/promise';
import { behindProxy } from './behind-proxy.ts';
import type { Target } from './target.ts';

export async function mysql(): Promise<Target> {
  const engine = await startMariadb({ own: true });
  const proxy = await startProxy({ target: engine.url });
  const client = createPool(engine.url);
  await mysqlStore({ client }).setup();
  await client.end();
  return {
    connection: { kind: 'mysql', url: proxy.through(engine.url) },
    ...behindProxy(engine, proxy),
  };
}
