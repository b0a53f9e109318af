export { type MemoryStore, type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export type { MemoryClock } from './time.ts';
