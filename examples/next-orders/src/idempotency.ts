import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** One for the application; with more than one instance, give it a store that they share. */
export const idempotency = createIdempotency({ environment: 'example', store: memoryStore() });
