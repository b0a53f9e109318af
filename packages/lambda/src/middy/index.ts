export { executionOf } from './execution-of.ts';
export { type IdempotentMiddleware, idempotent, type MiddlewareRequest } from './idempotent.ts';
