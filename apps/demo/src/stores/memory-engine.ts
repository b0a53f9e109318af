import { connectMemory } from './connect-memory.ts';
import type { Engine } from './engine.ts';

/** The memory of this process, where its own workers find it. */
export function openMemory(): Engine {
  const { store, close } = connectMemory();
  return { address: { kind: 'memory', store }, store, keptAt: undefined, close };
}
