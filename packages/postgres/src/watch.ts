import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Requests } from './requests.ts';
import { announce, announcedMs } from './sql/notification.ts';

/** How long the connection outlives its last watcher: waiting calls often come in rows. */
const idleMs = 10_000;
const firstLookMs = 100;

export interface Watching {
  watch(id: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Waits for notifications on one connection for all watchers, taken from the pool when the first one
 * comes. When the connection is lost everybody wakes, and asks the store.
 */
export function createWatching(
  listen: NonNullable<Database['listen']>,
  requests: Requests,
  names: Names,
  timeoutMs: number,
): Watching {
  const announcement = announce(names);
  const watchers = new Map<string, Set<() => void>>();
  let listening: Promise<() => Promise<void>> | undefined;
  let idle: NodeJS.Timeout | undefined;
  /** From when on no settlement is under way that began before it was said that somebody watches. */
  let heardFrom = 0;

  const wake = (id: string) => {
    for (const wakeOne of watchers.get(id) ?? []) wakeOne();
  };
  const wakeAll = () => {
    for (const id of watchers.keys()) wake(id);
  };
  const listenAndAnnounce = async (onEnd: () => void) => {
    let announcing: NodeJS.Timeout | undefined;
    const stopListening = await listen(names.channel, wake, () => {
      clearInterval(announcing);
      onEnd();
    });
    try {
      await requests.all(announcement, []);
    } catch (error) {
      await stopListening();
      throw error;
    }
    heardFrom = performance.now() + timeoutMs;
    announcing = setInterval(() => {
      // What is missed for it, the watchers' own patience makes up for.
      requests.all(announcement, []).catch(() => {});
    }, announcedMs / 4);
    announcing.unref();
    return () => {
      clearInterval(announcing);
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
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      const ofRecord = watchers.get(id) ?? new Set();
      watchers.set(id, ofRecord.add(resolve));
      try {
        const subscribed = start();
        subscribed.catch(() => {});
        if ((await Promise.race([subscribed, woken])) === undefined) return;
        for (let lookMs = firstLookMs; ; lookMs *= 2) {
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
      wakeAll();
      await stop();
    },
  };
}

async function isWokenWithin(woken: Promise<void>, ms: number): Promise<boolean> {
  const { promise: over, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const isWoken = await Promise.race([woken.then(() => true), over]);
  clearTimeout(timer);
  return isWoken;
}
