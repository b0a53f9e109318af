import type { Duration } from '@twiceproof/core';
import type * as Twiceproof from '@twiceproof/redis';
import type * as Ioredis from 'ioredis';
import { clockOffset } from './clock-offset.ts';
import { loadPackage } from './load-package.ts';
import type { OpenedStore, OpenOptions } from './opened-store.ts';
import { connectRedis } from './redis-client.ts';
import { optionsOf, type StoreUrl } from './store-url.ts';

const packages = ['@twiceproof/redis', 'ioredis'];

export async function openRedis(
  url: StoreUrl,
  _text: string,
  { cwd }: OpenOptions,
): Promise<OpenedStore> {
  const { prefix, grace } = optionsOf(url, ['prefix', 'grace', 'retirement']);
  const { redisStore } = await loadPackage<typeof Twiceproof>('@twiceproof/redis', cwd, packages);
  const driver = await loadPackage<typeof Ioredis>('ioredis', cwd, packages);
  const client = await connectRedis(url, driver);
  try {
    const store = redisStore({ client, prefix, grace: grace as Duration | undefined });
    return {
      store,
      clockOffsetMs: () => clockOffset(async () => milliseconds(await client.time())),
      async close() {
        await store.close();
        client.disconnect();
      },
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

function milliseconds([seconds, micros]: readonly unknown[]): number {
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
