// The platform team's package: services import this, and never a store.
import { createIdempotency, type Idempotency, type IdempotencyOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

const platform: Idempotency = createIdempotency({
  environment: 'example',
  store: memoryStore({ maxRecords: 10_000 }),
  retention: '7d',
  lease: '30s',
  // After a crash nobody knows whether money moved: an operator looks, unless a service knows better.
  abandoned: 'hold',
  // Operators see keys, but nothing else of what services are given.
  input: false,
});

/** What a service may decide for itself. */
export type ServiceOptions = Pick<
  IdempotencyOptions,
  'retention' | 'lease' | 'abandoned' | 'failure' | 'inProgress'
>;

/** The preset for one service. */
export function idempotencyFor(options: ServiceOptions = {}): Idempotency {
  return platform.extend(options);
}

/** What operators look at: the records of all services. */
export const records: Idempotency['records'] = platform.records;

/** What a service calls before it ends: what is under way in it, whatever the preset, is settled first. */
export const close: Idempotency['close'] = (options) => platform.close(options);
