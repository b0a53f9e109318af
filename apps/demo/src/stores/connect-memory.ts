import { memoryStore } from '@idemkit/memory';
import type { ConnectedStore } from './connected-store.ts';

/** A memory of this process alone. */
export function connectMemory(): ConnectedStore {
  return { store: memoryStore(), close: async () => {} };
}
