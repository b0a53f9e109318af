import type { ConsumedStore } from './store.ts';

/** A program of one file that is valid as an ES module and as CommonJS, and fails if a replay executes. */
export function program({ imports, store, close }: ConsumedStore): string {
  return `import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createIdempotency, type IdempotencyErrorCode, isIdempotencyError } from '@twiceproof/core';

const url = process.argv[2] ?? '';
${imports}

interface Payment { readonly id: string | null; readonly amount: number }

async function main(): Promise<void> {
  const store = ${store};
  await store.setup?.();
  const idempotency = createIdempotency({ environment: 'consumer', store });
  let charged = 0;
  const charge = idempotency.wrap(
    async (payment: Payment) => {
      charged += 1;
      return { receipt: 'receipt of ' + payment.id, at: new Date() };
    },
    { operation: 'charge', key: (payment) => payment.id },
  );

  const payment = { id: randomUUID(), amount: 12 };
  const first: { readonly receipt: string; readonly at: Date } = await charge(payment);
  const second = await charge(payment);
  assert.deepEqual(second, first);
  assert.equal(charged, 1);

  const code: IdempotencyErrorCode = 'KEY_MISSING';
  await assert.rejects(charge({ id: null, amount: 12 }), (error) => isIdempotencyError(error, code));
  ${close}
}

main();
`;
}
