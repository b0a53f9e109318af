import { createIdempotency, type Idempotency, type IdempotencyOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** Idempotency on a store of its own, and the same deployment once more, as another process has it. */
export function deployed(options: Partial<IdempotencyOptions> = {}): {
  readonly idempotency: Idempotency;
  readonly elsewhere: Idempotency;
} {
  const both = { environment: 'test', store: memoryStore(), ...options };
  return { idempotency: createIdempotency(both), elsewhere: createIdempotency(both) };
}
