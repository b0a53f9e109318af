import type { FaultProxy } from '@twiceproof/engines';
import type { Target } from './target.ts';

interface Engine {
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What can be done to one server that workers reach through a proxy. */
export function behindProxy(
  engine: Engine,
  proxy: FaultProxy,
): Required<Pick<Target, 'proxy' | 'crash' | 'restart' | 'stop'>> {
  return {
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
