export { type MemoryStore, memoryStore } from './memory-store.ts';
export type { MemoryStoreOptions } from './options.ts';
export type { MemoryClock } from './time.ts';
