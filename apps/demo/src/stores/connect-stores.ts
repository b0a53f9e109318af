import { tiered } from '@twiceproof/core';
import type { ConnectedStore } from './connected-store.ts';
import type { StoreAddress } from './store-address.ts';

/** Connects to the stores, fastest first, and stacks them if there are several. */
export async function connectStores(addresses: readonly StoreAddress[]): Promise<ConnectedStore> {
  const connected: ConnectedStore[] = [];
  for (const address of addresses) connected.push(await connectStore(address));
  const stores = connected.map(({ store }) => store);
  const invalidation = connected.find((each) => each.invalidation)?.invalidation;
  const stack = stores.length === 1 ? stores[0]! : tiered(stores, { invalidation });
  return {
    store: stack,
    async close() {
      await stack.close?.();
      for (const each of connected) await each.close();
    },
  };
}

/** Connects to one store. Loads what that one needs, and nothing of the others. */
export async function connectStore(address: StoreAddress): Promise<ConnectedStore> {
  switch (address.kind) {
    case 'memory':
      return (await import('./connect-memory.ts')).connectMemory(address.store);
    case 'pglite':
      return (await import('./connect-postgres.ts')).connectPglite(address.url);
    case 'postgres':
      return (await import('./connect-postgres.ts')).connectPostgres(address.url);
    case 'sqlite':
      return (await import('./connect-sqlite.ts')).connectSqlite(address.path);
    case 'redis':
      return (await import('./connect-redis.ts')).connectRedis(address.url);
    case 'dynamodb':
      return (await import('./connect-dynamodb.ts')).connectDynamodb(address.url);
  }
}
