import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Requests } from './requests.ts';

/** How long the connection outlives its last watcher: waiting calls often come in rows. */
const idleMs = 10_000;

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
  { channel }: Names,
): Watching {
  const watchers = new Map<string, Set<() => void>>();
  let listening: Promise<() => Promise<void>> | undefined;
  let idle: NodeJS.Timeout | undefined;

  const wake = (id: string) => {
    for (const wakeOne of watchers.get(id) ?? []) wakeOne();
  };
  const onEnd = () => {
    listening = undefined;
    for (const id of watchers.keys()) wake(id);
  };
  const start = () => {
    clearTimeout(idle);
    listening ??= listen(channel, wake, onEnd).catch((error: unknown) => {
      listening = undefined;
      throw error;
    });
    return listening;
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
        // What happened before the subscription was not notified to us.
        const row = await requests.read(id);
        if (row?.status !== 'in_progress') return;
        await woken;
      } finally {
        remove(id, resolve);
      }
    },

    async close() {
      for (const id of watchers.keys()) wake(id);
      await stop();
    },
  };
}
