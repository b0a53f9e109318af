import { createHook } from 'node:async_hooks';
import { createIdempotency, type Instrumentation } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

export const calls = 100;

/** Promises that a call takes on the average, those of its caller included. */
export async function promisesOf(call: (at: number) => Promise<unknown>): Promise<number> {
  let made = 0;
  const hook = createHook({ init: (...[, type]) => void (type === 'PROMISE' && made++) });
  hook.enable();
  for (let at = 0; at < calls; at++) await call(at);
  hook.disable();
  // The runner makes a few meanwhile.
  return Math.round(made / calls);
}

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
