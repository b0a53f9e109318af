import type { Store } from '@twiceproof/core';
import {
  type FaultPlan,
  type StoreCall,
  type StoreFault,
  type StoreOperation,
  storeOperations,
} from './store-fault.ts';

/** What {@link flakyStore} may take beside its plan. */
export interface FlakyStoreOptions {
  /** Where delays are waited for, e.g. a `virtualClock()`. Real time unless given. */
  readonly clock?: { schedule(ms: number, run: () => void): () => void };
  /** Told of every fault, before it strikes. */
  readonly onFault?: (call: StoreCall, fault: StoreFault) => void;
}

/**
 * A store behind an unreliable connection: correct in itself, but requests and answers get lost or
 * come late, as the plan says. `setup`, `watch` and `close` are passed through.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@twiceproof/memory';
 * import { flakyStore, seededFaults } from '@twiceproof/testing';
 *
 * const store = flakyStore(memoryStore(), seededFaults({ seed: 42, rate: 0.3 }));
 * ```
 */
export function flakyStore<S extends Store>(
  store: S,
  plan: FaultPlan,
  options: FlakyStoreOptions = {},
): S {
  const { clock, onFault } = options;
  const counts = new Map<StoreOperation, number>();

  const later = (ms: number) =>
    new Promise<void>((resolve) => {
      if (clock === undefined) setTimeout(resolve, ms);
      else clock.schedule(ms, resolve);
    });

  const strike = async (fault: StoreFault, call: StoreCall, send: () => Promise<unknown>) => {
    switch (fault.kind) {
      case 'thrown':
        throw fault.error;
      case 'request_lost':
        throw connectionLost(call);
      case 'response_lost':
        await send();
        throw connectionLost(call);
      case 'request_late':
        // What becomes of it is nobody's to see: its caller has gone.
        later(fault.delayMs)
          .then(send)
          .catch(() => {});
        throw connectionLost(call);
      case 'request_delayed':
        await later(fault.delayMs);
        return send();
      case 'response_delayed': {
        const answer = await send();
        await later(fault.delayMs);
        return answer;
      }
    }
  };

  const flaky =
    (operation: StoreOperation, method: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      const nth = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, nth);
      const call = { operation, id: idOf(operation, args[0]), nth };
      const fault = plan(call);
      if (fault === undefined) return method(...args);
      onFault?.(call, fault);
      return strike(fault, call, () => method(...args));
    };

  const methods = storeOperations.flatMap((operation) => {
    const method = store[operation] as ((...args: never[]) => Promise<unknown>) | undefined;
    return method === undefined ? [] : [[operation, flaky(operation, method)]];
  });
  return { ...store, ...Object.fromEntries(methods) };
}

function idOf(operation: StoreOperation, first: unknown): string | undefined {
  if (typeof first === 'string') return first;
  return operation === 'list' ? undefined : (first as { id: string }).id;
}

function connectionLost({ operation, nth }: StoreCall): Error {
  const error = new Error(`connection lost during ${operation} number ${nth}`);
  return Object.assign(error, { code: 'ECONNRESET' });
}
