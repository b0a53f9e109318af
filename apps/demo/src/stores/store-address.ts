import type { Store } from '@twiceproof/core';

/** Where a store is found: plain data, so that it can be handed to a worker of another process. */
export type StoreAddress =
  | {
      readonly kind: 'memory';
      /** The one that workers of this process share; one of their own unless given. */
      readonly store?: Store;
    }
  | { readonly kind: 'pglite' | 'postgres' | 'redis' | 'dynamodb'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly path: string };

/** What the demo's records are kept under in a database that may hold other things. */
export const tableNames: Readonly<Record<'postgres' | 'redis' | 'dynamodb', string>> = {
  postgres: 'twiceproof_demo',
  redis: 'twiceproof-demo',
  dynamodb: 'twiceproof-demo',
};
