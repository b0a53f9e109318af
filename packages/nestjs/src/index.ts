export { IdempotencyException } from './idempotency-exception.ts';
export { IdempotencyKey } from './idempotency-key.ts';
export { Idempotency } from './idempotency-token.ts';
export { Idempotent } from './idempotent.ts';
export type { RouteOptions, TwiceproofModuleOptions } from './module-options.ts';
export { TwiceproofModule, type TwiceproofModuleAsyncOptions } from './twiceproof-module.ts';
