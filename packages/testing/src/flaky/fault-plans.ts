import {
  type FaultPlan,
  type StoreFault,
  type StoreOperation,
  storeOperations,
} from './store-fault.ts';

/** Per operation, what happens to its first request, its second, …; later ones go through. */
export type FaultScript = Partial<Record<StoreOperation, readonly (StoreFault | undefined)[]>>;

/**
 * Faults at chosen places.
 *
 * @example
 * ```ts
 * import { scriptedFaults } from '@twiceproof/testing';
 *
 * // The first claim lands without an answer; the second completion never lands.
 * const plan = scriptedFaults({
 *   acquire: [{ kind: 'response_lost' }],
 *   complete: [undefined, { kind: 'request_lost' }],
 * });
 * ```
 */
export function scriptedFaults(script: FaultScript): FaultPlan {
  return ({ operation, nth }) => script[operation]?.[nth - 1];
}

/** What {@link seededFaults} takes. */
export interface SeededFaultOptions {
  /** The same seed gives the same faults for the same sequence of requests. */
  readonly seed: number;
  /** Share of requests that meet a fault, 0 to 1. 0.2 unless given. */
  readonly rate?: number;
  /** Operations that meet faults. All unless given. */
  readonly operations?: readonly StoreOperation[];
  /** Kinds of fault. All but `thrown` unless given. */
  readonly kinds?: readonly Exclude<StoreFault['kind'], 'thrown'>[];
  /** Longest delay in milliseconds. 1,000 unless given. */
  readonly maxDelayMs?: number;
}

/** Faults at random places, the same ones for the same seed. */
export function seededFaults(options: SeededFaultOptions): FaultPlan {
  const {
    seed,
    rate = 0.2,
    operations = storeOperations,
    kinds = [
      'request_lost',
      'response_lost',
      'request_late',
      'request_delayed',
      'response_delayed',
    ],
    maxDelayMs = 1_000,
  } = options;
  const random = seededRandom(seed);
  return ({ operation }) => {
    if (!operations.includes(operation) || random() >= rate) return undefined;
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    return { kind, delayMs: Math.ceil(random() * maxDelayMs) };
  };
}

/** Mulberry32: small, fast, and good enough to choose faults. Answers numbers from 0 to below 1. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
