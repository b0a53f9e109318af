/** Where a store is found: plain data, so that it can be handed to a worker. */
export type StoreAddress =
  | { readonly kind: 'memory' }
  | { readonly kind: 'pglite' | 'postgres' | 'redis' | 'dynamodb'; readonly url: string };

/** What the demo's records are kept under in a database that may hold other things. */
export const tableNames: Readonly<Record<'postgres' | 'redis' | 'dynamodb', string>> = {
  postgres: 'idemkit_demo',
  redis: 'idemkit-demo',
  dynamodb: 'idemkit-demo',
};
