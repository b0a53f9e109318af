import { startProxy, startRedis } from '@twiceproof/engines';
import { behindProxy } from './behind-proxy.ts';
import type { Target } from './target.ts';

/** Writes are on disk before they are acknowledged. */
export const durable: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always'];

export async function singleRedis(config: readonly string[] = durable): Promise<Target> {
  const engine = await startRedis({ own: true, config });
  const proxy = await startProxy({ target: engine.url });
  return {
    connection: { kind: 'redis', url: proxy.through(engine.url) },
    ...behindProxy(engine, proxy),
  };
}
