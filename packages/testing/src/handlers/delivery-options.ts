import { type Duration, durationMs, type IdempotencyOptions, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type EffectsLedger, effectsLedger } from './effects-ledger.ts';
import { type RunningClock, runningClock } from './running-clock.ts';
import type { World } from './test-process.ts';

/** What `deliverTwice`, `deliverAtOnce` and `crashAt` may be given. */
export interface DeliveryOptions {
  /** Defaults for the idempotency of the processes, such as `lease`, `inProgress` or `abandoned`. */
  readonly idempotency?: Partial<Omit<IdempotencyOptions, 'store'>> | undefined;
  /** The store of all processes, on this clock. In memory unless given. */
  readonly store?: ((clock: RunningClock) => Store) | undefined;
  /** Where effects are recorded that the handler does not take from its process. */
  readonly ledger?: EffectsLedger | undefined;
  /** How long a delivery may take, in real time. `'4s'` unless given. */
  readonly timeout?: Duration | undefined;
  /** `'report'` resolves to the report where the handler is not safe. `'throw'` unless given. */
  readonly unsafe?: 'throw' | 'report' | undefined;
}

/** What the processes have in common. */
export function worldOf({ idempotency, store, ledger }: DeliveryOptions): World {
  const clock = runningClock();
  return {
    clock,
    store: store?.(clock) ?? memoryStore({ clock }),
    ledger: ledger ?? effectsLedger(),
    options: idempotency,
  };
}

export function timeoutMs({ timeout = '4s' }: DeliveryOptions): number {
  return durationMs(timeout, 'timeout');
}
