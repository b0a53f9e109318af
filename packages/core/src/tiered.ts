import { type Clock, systemClock } from './clock.ts';
import { type Duration, durationMs } from './duration.ts';
import { DelayQueues } from './execution/delay-queue.ts';
import { checkNames, invalidOption, shown } from './options/option-checks.ts';
import { isStore } from './options/store-check.ts';
import type { Acquisition, RecordQuery, Store, StoreOptions } from './store.ts';
import { FastTier } from './tiers/fast-tier.ts';
import { FastTiers } from './tiers/fast-tiers.ts';
import { within } from './within.ts';

const longestPublishMs = 1_000;

/** A faster store in front of the authority. */
export interface Tier {
  readonly store: Store;
  /** Longest time that a record is answered from here without asking a slower tier: the bound on how
   * stale it can be after an operator's change elsewhere. Default `'1m'`. */
  readonly maxAge?: Duration | undefined;
  /** Longest time that a call waits for this tier. One that fails or is too slow is left alone for a
   * second. Default `'250ms'`. */
  readonly timeout?: Duration | undefined;
}

/** Tells other processes that a record changed, so that their tiers forget it at once. */
export interface Invalidation {
  publish(id: string): Promise<void>;
  /** Calls `forget` for each id that another process published, and with undefined when some may have
   * been missed; answers how to stop. */
  subscribe(forget: (id: string | undefined) => void): () => void;
  /** False while messages of others may be missed: until then faster tiers are neither asked nor
   * filled. Left out, it counts as true. */
  readonly isListening?: boolean | undefined;
}

/** Options of `tiered`. */
export interface TieredOptions {
  /** Default none: other processes' tiers follow within their `maxAge`. */
  readonly invalidation?: Invalidation | undefined;
  /** Epoch milliseconds, to tell what is left of a retention. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Time for simulations. Default the machine's. */
  readonly clock?: Clock | undefined;
}

/**
 * Stacks stores, fastest first. The last one is the authority: it alone decides who executes. The
 * others answer replays of records that it has completed, for no longer than `maxAge` and what is
 * left of the retention. A fault of a faster tier is a miss, never an error.
 *
 * @example
 * ```ts
 * import { type Store, tiered } from '@twiceproof/core';
 *
 * declare const memory: Store;
 * declare const redis: Store;
 * declare const dynamodb: Store;
 * const store = tiered([{ store: memory, maxAge: '10s' }, redis, dynamodb]);
 * ```
 */
export function tiered(tiers: readonly (Store | Tier)[], options: TieredOptions = {}): Store {
  checkNames(options, ['invalidation', 'now', 'clock'], 'tiered');
  const { invalidation, now = Date.now, clock = systemClock } = options;
  // Who hands in the time alone hands in all of it.
  const monotonic = options.now && !options.clock ? options.now : () => clock.now();
  const { fast, authority } = stackOf(tiers, clock);
  const stores = [authority, ...fast.map(({ store }) => store)];
  const copies = new FastTiers(fast, now, monotonic, () => invalidation?.isListening !== false);
  const timers = new DelayQueues(clock);

  const changed = async (id: string): Promise<void> => {
    await copies.forget(id);
    if (!invalidation) return;
    try {
      await within(invalidation.publish(id), longestPublishMs, () => {}, timers);
    } catch {
      // The change is made; those who are not told follow within their maxAge.
    }
  };

  /** Also where the answer is lost: the change may have been made. */
  const changing = async <Answer>(id: string, change: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await change();
    } finally {
      await changed(id);
    }
  };

  const unsubscribe = invalidation?.subscribe((id) => {
    if (id === undefined) copies.distrust();
    else void copies.forget(id);
  });

  return {
    name: [...fast.map(({ store }) => store.name), authority.name].join('-'),
    limits: authority.limits,

    async acquire(claim, request) {
      if (claim.supersedes === undefined) {
        const record = await copies.find(claim.id, request);
        if (record) return { status: 'existing', record, leaseRemainingMs: 0 };
      }
      const ask = (): Promise<Acquisition> => authority.acquire(claim, request);
      // What is executed again on purpose must not be replayed from a tier meanwhile.
      if (claim.supersedes !== undefined) return changing(claim.id, ask);
      const mark = copies.mark();
      const acquisition = await ask();
      const { record, status } = acquisition;
      if (status === 'existing' && record.status === 'completed') copies.fill(record, mark);
      return acquisition;
    },

    renew: (id, token, leaseMs, request) => authority.renew(id, token, leaseMs, request),

    async complete(id, token, outcome, request) {
      const mark = copies.mark();
      const settlement = await authority.complete(id, token, outcome, request);
      if (settlement.status === 'done' || settlement.status === 'already_done') {
        copies.fill({ ...settlement.record, outcome: outcome.bytes }, mark);
      }
      return settlement;
    },

    release: (id, token, failure, request) => authority.release(id, token, failure, request),
    get: (id, request) => authority.get(id, request),

    async delete(id, request) {
      return changing(id, () => authority.delete(id, request));
    },

    list: (query, request) => authority.list(query, request),

    ...(authority.stats && {
      stats: (query: RecordQuery, request?: StoreOptions) => authority.stats!(query, request),
    }),

    ...(authority.extend && {
      async extend(id: string, retentionMs: number | null, request?: StoreOptions) {
        return changing(id, () => authority.extend!(id, retentionMs, request));
      },
    }),

    ...(authority.watch && {
      watch: (id: string, signal: AbortSignal) => authority.watch!(id, signal),
    }),

    async setup() {
      for (const store of stores) await store.setup?.();
    },

    async close() {
      unsubscribe?.();
      const closed = await Promise.allSettled(stores.map(async (store) => store.close?.()));
      for (const end of closed) if (end.status === 'rejected') throw end.reason;
    },
  };
}

function stackOf(
  tiers: readonly (Store | Tier)[],
  clock: Clock,
): { fast: FastTier[]; authority: Store } {
  if (!Array.isArray(tiers) || tiers.length === 0) {
    throw invalidOption(
      `tiered was given ${shown(tiers)}; give the stores, fastest first and the authority last`,
    );
  }
  const stack = tiers.map((tier: Store | Tier, index): Tier => {
    if (isStore(tier)) return { store: tier };
    const store = typeof tier === 'object' && tier !== null && 'store' in tier ? tier.store : tier;
    if (!isStore(store)) {
      throw invalidOption(
        `tiered: tier ${index} is ${shown(store)}, which is no store; give a store, or { store, maxAge, timeout }`,
      );
    }
    checkNames(tier, ['store', 'maxAge', 'timeout'], `tiered: tier ${index}`);
    return tier as Tier;
  });
  const { store: authority, maxAge, timeout } = stack.pop()!;
  if (maxAge !== undefined || timeout !== undefined) {
    throw invalidOption(
      'the last tier is the authority: it is always asked, so leave maxAge and timeout out',
    );
  }
  const fast = stack.map(({ store, maxAge = '1m', timeout = '250ms' }, index) => {
    if (!store.fill) {
      throw invalidOption(
        `tier ${index}: store '${store.name}' cannot be filled, so it can only be the last`,
      );
    }
    const maxAgeMs = durationMs(maxAge, `maxAge of tier ${index}`);
    const timeoutMs = durationMs(timeout, `timeout of tier ${index}`);
    return new FastTier(store, maxAgeMs, timeoutMs, clock);
  });
  return { fast, authority };
}
