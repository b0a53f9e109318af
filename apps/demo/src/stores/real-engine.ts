import { startDynamodb, startPostgres, startRedis } from '@twiceproof/engines';
import { messageOf } from '../call-reports.ts';
import { DemoError } from '../demo-error.ts';
import { connectStore } from './connect-stores.ts';
import type { Engine } from './engine.ts';
import type { SharedKind } from './store-kinds.ts';
import { urlVariables } from './url-variables.ts';

type RealKind = Exclude<SharedKind, 'pglite' | 'sqlite'>;

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

const starts: Readonly<Record<RealKind, () => Promise<Server>>> = {
  postgres: startPostgres,
  redis: startRedis,
  dynamodb: async () => {
    const engine = await startDynamodb();
    return { url: engine.endpoint, stop: engine.stop };
  },
};

/** Uses the engine that the environment names, or starts one that ends with this process. */
export async function openRealEngine(kind: RealKind): Promise<Engine> {
  const server = await orSay(`--store ${kind} cannot be started`, starts[kind]());
  const address = { kind, url: server.url };
  const { store, close } = await connectStore(address);
  const closeAll = async (): Promise<void> => {
    await store.close?.();
    await close();
    await server.stop();
  };
  try {
    await orSay(`--store ${kind} cannot be used`, store.setup?.());
  } catch (error) {
    await closeAll();
    throw error;
  }
  const isGiven = Boolean(process.env[urlVariables[kind]]);
  return { address, store, keptAt: isGiven ? server.url : undefined, close: closeAll };
}

async function orSay<T>(what: string, promise: Promise<T> | T): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    throw new DemoError(`${what}: ${messageOf(cause)}`, { cause });
  }
}
