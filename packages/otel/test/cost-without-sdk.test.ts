import { createHook } from 'node:async_hooks';
import { createIdempotency, type Instrumentation } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, it } from 'vitest';
import { openTelemetry } from '../src/index.ts';

const calls = 100;

/** Promises that a call takes on the average, those of its caller included. */
async function promisesOf(call: (at: number) => Promise<unknown>): Promise<number> {
  let made = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') made++;
    },
  });
  hook.enable();
  for (let at = 0; at < calls; at++) await call(at);
  hook.disable();
  // The runner makes a few meanwhile.
  return Math.round(made / calls);
}

async function costs(instrumentation: Instrumentation | undefined) {
  const { wrap } = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    ...(instrumentation && { instrumentation }),
  });
  const charge = wrap(async (id: string) => ({ id }), { operation: 'charge', key: (id) => id });
  const call = (at: number) => charge(`payment-${at}`);
  return { first: await promisesOf(call), replay: await promisesOf(call) };
}

it('without an SDK a call takes no promise more than one without instrumentation', async () => {
  expect(await costs(openTelemetry())).toEqual(await costs(undefined));
});
