import type { Idempotency } from '@twiceproof/core';

/** Work that is under way elsewhere until it is ended. */
export async function underWay(
  idempotency: Idempotency,
  operation: string,
  key: unknown,
): Promise<{ end(): Promise<void> }> {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const call = idempotency.execute({ operation, key: key as object }, () => {
    begun.resolve();
    return ended.promise;
  });
  await begun.promise;
  return {
    end: async () => {
      ended.resolve();
      await call;
    },
  };
}
