import { within } from '@twiceproof/core/toolkit';
import type { Database } from './database.ts';
import { createHearing } from './hearing.ts';
import { announce, announcedMs } from './sql/notification.ts';
import type { StoreContext } from './store-context.ts';

/** How long the connection outlives its last watcher: waiting calls often come in rows. */
const idleMs = 10_000;
const firstLookMs = 100;
const longestLookMs = 1_000;

export interface Watching {
  watch(id: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Waits for notifications on one connection for all watchers, taken from the pool when the first one
 * comes. When the connection is lost everybody wakes, and asks the store. Where it turns out to hear
 * nothing, as behind a pooler, the watchers look for themselves.
 */
export function createWatching(
  context: StoreContext,
  listen: NonNullable<Database['listen']>,
): Watching {
  const { requests, names, timeoutMs } = context;
  const announcement = announce(names);
  const watchers = new Map<string, Set<() => void>>();
  let listening: Promise<() => Promise<void>> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** From when on no settlement goes unheard: never, until it has shown that anything is heard. */
  let heardFrom = Number.POSITIVE_INFINITY;

  const wake = (id: string) => {
    for (const wakeOne of watchers.get(id) ?? []) wakeOne();
  };
  const wakeAll = () => {
    for (const id of watchers.keys()) wake(id);
  };
  const becomeDeaf = () => {
    if (heardFrom === Number.POSITIVE_INFINITY) return;
    heardFrom = Number.POSITIVE_INFINITY;
    wakeAll();
  };
  const listenAndAnnounce = async (onEnd: () => void) => {
    let announcing: NodeJS.Timeout | undefined;
    let isAsked = false;
    const hearing = createHearing(context, () => {
      isAsked = false;
      // What is under way may have begun before it was said that somebody watches.
      if (heardFrom === Number.POSITIVE_INFINITY) heardFrom = performance.now() + timeoutMs;
    });
    const ask = async () => {
      if (isAsked) becomeDeaf();
      isAsked = true;
      await hearing.ask();
    };
    const onNotification = (payload: string) => {
      if (!hearing.hear(payload)) wake(payload);
    };
    const stopListening = await listen(names.channel, onNotification, () => {
      clearInterval(announcing);
      heardFrom = Number.POSITIVE_INFINITY;
      onEnd();
    });
    try {
      await requests.all(announcement, []);
      await ask();
    } catch (error) {
      await stopListening();
      throw error;
    }
    announcing = setInterval(() => {
      // What is missed for it, the watchers' own patience makes up for.
      requests
        .all(announcement, [])
        .then(ask)
        .catch(() => {});
    }, announcedMs / 4);
    announcing.unref();
    return () => {
      clearInterval(announcing);
      heardFrom = Number.POSITIVE_INFINITY;
      return stopListening();
    };
  };
  const start = () => {
    clearTimeout(idle);
    if (listening) return listening;
    const forget = () => {
      if (listening === own) listening = undefined;
    };
    const own = listenAndAnnounce(() => {
      forget();
      wakeAll();
    });
    own.catch(forget);
    listening = own;
    return own;
  };
  const stop = async () => {
    clearTimeout(idle);
    const stopping = listening;
    listening = undefined;
    await (await stopping?.catch(() => undefined))?.();
  };

  const remove = (id: string, wakeOne: () => void) => {
    const ofRecord = watchers.get(id);
    ofRecord?.delete(wakeOne);
    if (ofRecord?.size === 0) watchers.delete(id);
    if (watchers.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(() => void stop().catch(() => {}), idleMs);
    idle.unref();
  };

  return {
    async watch(id, signal) {
      if (signal.aborted) return;
      // Whoever goes on waiting asks from time to time: a connection that is taken now, the pool would miss.
      if (isClosed) throw new Error('the store is closed');
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      const ofRecord = watchers.get(id) ?? new Set();
      watchers.set(id, ofRecord.add(resolve));
      try {
        const subscribed = start();
        subscribed.catch(() => {});
        if ((await Promise.race([subscribed, woken])) === undefined) return;
        for (let lookMs = firstLookMs; ; lookMs = Math.min(2 * lookMs, longestLookMs)) {
          const row = await requests.read(id);
          if (row?.status !== 'in_progress') return;
          if (performance.now() > heardFrom) break;
          if (await isWokenWithin(woken, lookMs)) return;
        }
        await woken;
      } finally {
        remove(id, resolve);
      }
    },

    async close() {
      isClosed = true;
      wakeAll();
      await stop();
    },
  };
}

function isWokenWithin(woken: Promise<void>, ms: number): Promise<boolean> {
  return within(
    woken.then(() => true),
    ms,
    () => false,
  );
}
