import { redisInvalidation, redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import type { ConnectedStore } from './connected-store.ts';
import { tableNames } from './store-address.ts';

export function connectRedis(url: string): ConnectedStore {
  const client = new Redis(url);
  // ioredis connects again by itself, and a command that fails says it better.
  client.on('error', () => {});
  const prefix = tableNames.redis;
  return {
    store: redisStore({ client, prefix }),
    invalidation: redisInvalidation({ client, channel: `${prefix}:invalidation` }),
    close: async () => client.disconnect(),
  };
}
