import { startProxy, startRedis } from '@twiceproof/engines';
import type { Target } from './target.ts';

/** Writes are on disk before they are acknowledged. */
export const durable: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always'];

export async function singleRedis(): Promise<Target> {
  const engine = await startRedis({ own: true, config: durable });
  const proxy = await startProxy({ target: engine.url });
  return {
    connection: { kind: 'redis', url: proxy.through(engine.url) },
    proxy,
    async crash() {
      await engine.kill();
      await engine.restart();
    },
    restart: () => engine.restart(),
    async stop() {
      await proxy.stop();
      await engine.stop();
    },
  };
}
