import type { SharedKind } from './store-kinds.ts';

/** Environment variables that name an engine to use instead of starting one. */
export const urlVariables: Readonly<Record<Exclude<SharedKind, 'pglite' | 'sqlite'>, string>> = {
  postgres: 'POSTGRES_URL',
  redis: 'REDIS_URL',
  dynamodb: 'DYNAMODB_ENDPOINT',
};
