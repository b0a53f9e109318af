import { type FaultPlan, type StoreOperation, storeOperations } from './store-fault.ts';

/** An outage that begins and ends when a test says so. */
export interface Outage {
  readonly plan: FaultPlan;
  /** From now on requests of these operations, or of all, never land: their callers see broken connections. */
  begin(...operations: StoreOperation[]): void;
  /** From now on all requests land. */
  end(): void;
}

/**
 * Faults for as long as a store is to be away.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@twiceproof/memory';
 * import { flakyStore, outage } from '@twiceproof/testing';
 *
 * const away = outage();
 * const store = flakyStore(memoryStore(), away.plan);
 * away.begin('complete', 'renew');
 * // … what must not be lost meanwhile …
 * away.end();
 * ```
 */
export function outage(): Outage {
  const away = new Set<StoreOperation>();
  return {
    plan: ({ operation }) => (away.has(operation) ? { kind: 'request_lost' } : undefined),
    begin(...operations) {
      for (const operation of operations.length > 0 ? operations : storeOperations) {
        away.add(operation);
      }
    },
    end: () => away.clear(),
  };
}
