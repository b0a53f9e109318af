import {
  createIdempotency,
  type Idempotency,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type VirtualClock, virtualClock } from '@twiceproof/testing/clock';

/** A deployment on a memory store, with time that passes only when a test says so. */
export interface Deployed {
  readonly idempotency: Idempotency;
  readonly store: Store;
  readonly clock: VirtualClock;
  /** Another process of the same deployment: the same records, nothing else in common. */
  readonly elsewhere: (options?: Partial<IdempotencyOptions>) => Idempotency;
}

export function deployed(options: Partial<IdempotencyOptions> = {}): Deployed {
  const clock = virtualClock();
  return deployedOn(options.store ?? memoryStore({ clock }), clock, options);
}

/** The same on a store that has to be waited for, as one across a network is. */
export function deployedAfar(options: Partial<IdempotencyOptions> = {}): Deployed {
  const clock = virtualClock();
  const { atOnce: _atOnce, ...store } = options.store ?? memoryStore({ clock });
  return deployedOn(store, clock, options);
}

function deployedOn(
  store: Store,
  clock: VirtualClock,
  options: Partial<IdempotencyOptions>,
): Deployed {
  const process = (own: Partial<IdempotencyOptions>): Idempotency =>
    createIdempotency({
      environment: 'test',
      runtime: { clock },
      ...options,
      store: { ...store },
      ...own,
    });
  return { idempotency: process({}), store, clock, elsewhere: (own = {}) => process(own) };
}

/** A promise, and how to settle it from outside. */
export function gate<T = void>(): PromiseWithResolvers<T> {
  return Promise.withResolvers<T>();
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
