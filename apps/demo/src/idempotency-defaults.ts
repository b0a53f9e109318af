import type { IdempotencyOptions } from '@twiceproof/core';

/** What the demo's processes agree on. */
export const idempotencyDefaults: Omit<IdempotencyOptions, 'store' | 'environment'> = {
  // Short, so that a run after a crash goes on at once; renewed while an order is worked on.
  lease: '2s',
  // The ledger forgets nothing, so the records must not either.
  retention: false,
};
