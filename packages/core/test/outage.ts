import type { Store } from '@twiceproof/core';

type Operation = 'acquire' | 'renew' | 'complete' | 'release';

/** A store that can be taken away for a while. */
export interface InterruptedStore {
  readonly store: Store;
  /** From now on these requests, or all of them, do not arrive. */
  takeAway(...operations: Operation[]): void;
  /** From now on all of them arrive. */
  bringBack(): void;
  /** How many arrived. */
  readonly landed: Record<Operation, number>;
}

const all: readonly Operation[] = ['acquire', 'renew', 'complete', 'release'];

export function interrupted(store: Store): InterruptedStore {
  const away = new Set<Operation>();
  const landed = { acquire: 0, renew: 0, complete: 0, release: 0 };
  const watched = (operation: Operation) => {
    const send = store[operation] as (...request: unknown[]) => Promise<unknown>;
    return async (...request: unknown[]) => {
      if (away.has(operation)) throw new Error('ECONNREFUSED');
      landed[operation]++;
      return send(...request);
    };
  };
  return {
    store: { ...store, ...Object.fromEntries(all.map((name) => [name, watched(name)])) },
    takeAway(...operations) {
      for (const operation of operations.length > 0 ? operations : all) away.add(operation);
    },
    bringBack: () => away.clear(),
    landed,
  };
}
