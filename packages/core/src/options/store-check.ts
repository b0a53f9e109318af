import type { Store } from '../store.ts';

/** Whether `value` is a store, as far as that can be told without asking it anything. */
export function isStore(value: unknown): value is Store {
  if (typeof value !== 'object' || value === null) return false;
  const { acquire, limits } = value as Partial<Store>;
  return typeof acquire === 'function' && typeof limits?.maxRecordBytes === 'number';
}
