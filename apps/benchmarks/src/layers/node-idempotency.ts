import { Idempotency } from '@node-idempotency/core';
import { RedisStorageAdapter } from '@node-idempotency/storage-adapter-redis';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';

type Storage = ConstructorParameters<typeof Idempotency>[0];

/** Makes charges with @node-idempotency. They give it no body, of which it would take a fingerprint with every call. */
export async function nodeIdempotencyOn(
  url: string,
  cleanUp: AsyncDisposableStack,
): Promise<(key: KeyChoice) => Charge> {
  const storage = new RedisStorageAdapter({ url });
  await storage.connect();
  cleanUp.defer(() => storage.disconnect());
  const idempotency = new Idempotency(storage as Storage, { cacheTTLMS: 600_000 });
  return (key) =>
    chargeThrough((fn) => async (payment) => {
      const headers = { 'idempotency-key': key.text(payment) };
      const request = { headers, path: '/payments', method: 'POST' };
      const known = await idempotency.onRequest(request);
      if (known) return known.body;
      const receipt = await fn(payment);
      await idempotency.onResponse(request, { body: receipt });
      return receipt;
    });
}
