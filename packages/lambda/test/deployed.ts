import { createIdempotency, type Idempotency, type IdempotencyOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** Idempotency on a store of its own, and the same deployment once more, as another process has it. */
export function deployed(options: Partial<IdempotencyOptions> = {}): {
  readonly idempotency: Idempotency;
  readonly elsewhere: Idempotency;
} {
  const { clock } = options.runtime ?? {};
  const both = { environment: 'test', store: memoryStore(clock && { clock }), ...options };
  return { idempotency: createIdempotency(both), elsewhere: createIdempotency(both) };
}

/** Work that is under way elsewhere until it is ended. */
export function underWay(
  idempotency: Idempotency,
  operation: string,
  key: string,
): { readonly begun: Promise<void>; end(): Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const call = idempotency.execute({ operation, key }, () => {
    begun.resolve();
    return ended.promise;
  });
  return {
    begun: begun.promise,
    end: async () => {
      ended.resolve();
      await call;
    },
  };
}
