import { awaitScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';
import type { Subscriptions } from './subscriptions.ts';

interface Waiter {
  resolve(): void;
  reject(fault: unknown): void;
}

export interface Watch {
  readonly watch: (id: string, signal: AbortSignal) => Promise<void>;
  close(): void;
}

/** Waits for what the scripts publish, once they are asked to, on the channel that has the name of a record's key. */
export function createWatch(
  context: StoreContext,
  subscriptions: Subscriptions,
  keysBefore: string,
): Watch {
  const waiting = new Map<string, Set<Waiter>>();
  /** Those of them that are heard of. Who is not yet is told so by the subscription. */
  const joined = new Set<string>();
  /** For whom the server is being asked. */
  const starting = new Map<string, Set<Waiter>>();
  let isClosed = false;

  const settle = (id: string, how: (waiter: Waiter) => void) => {
    const waiters = waiting.get(id);
    if (waiters === undefined) return;
    forget(id);
    for (const waiter of waiters) how(waiter);
  };
  const wake = (id: string) => settle(id, (waiter) => waiter.resolve());
  const forget = (id: string) => {
    waiting.delete(id);
    joined.delete(id);
    subscriptions.leave(keysBefore + id);
  };

  /** Every waiter asks anew: the record may be another one than that of who waits already. */
  const start = async (id: string, waiters: Set<Waiter>) => {
    starting.set(id, waiters);
    try {
      if (!joined.has(id)) await subscriptions.join(keysBefore + id, () => wake(id));
      if (waiting.has(id)) joined.add(id);
      // Whatever happened before the subscription was not heard, and nothing is said before it is asked for.
      const [verdict] = await context.commands.run(awaitScript, id, [], undefined);
      if (verdict === 'over') wake(id);
    } catch (fault) {
      settle(id, (waiter) => waiter.reject(fault));
    } finally {
      if (starting.get(id) === waiters) starting.delete(id);
    }
  };

  subscriptions.onLost(() => {
    for (const id of [...joined]) wake(id);
  });

  return {
    async watch(id, signal) {
      if (signal.aborted) return;
      // Whoever goes on waiting asks from time to time: a connection that is opened now, nobody would end.
      if (isClosed) throw new Error('the store is closed');
      const waiters = waiting.get(id) ?? new Set<Waiter>();
      const waiter = Promise.withResolvers<void>();
      waiters.add(waiter);
      waiting.set(id, waiters);
      const leave = () => {
        waiters.delete(waiter);
        if (waiters.size === 0 && waiting.get(id) === waiters) forget(id);
        waiter.resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      if (starting.get(id) !== waiters) void start(id, waiters);
      try {
        await waiter.promise;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    close() {
      isClosed = true;
      for (const id of [...waiting.keys()]) wake(id);
    },
  };
}
