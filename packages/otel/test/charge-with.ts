import { createIdempotency, type Instrumentation } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** An idempotent function on a store of its own. */
export function chargeWith(
  instrumentation: Instrumentation | undefined,
): (at: number) => Promise<unknown> {
  const { wrap } = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    ...(instrumentation && { instrumentation }),
  });
  const charge = wrap(async (id: string) => ({ id }), { operation: 'charge', key: (id) => id });
  return (at) => charge(`payment-${at}`);
}
