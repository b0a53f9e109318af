import type { Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { ConnectedStore } from './connected-store.ts';

/** A memory of this process alone. */
export function connectMemory(store: Store = memoryStore()): ConnectedStore {
  return { store, close: async () => {} };
}
