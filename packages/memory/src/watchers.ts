/** Callers that wait for a record to be settled or deleted. */
export interface Watchers {
  wait(id: string, signal: AbortSignal): Promise<void>;
  wake(id: string): void;
}

export function createWatchers(): Watchers {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait(id, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wakers = waiting.get(id) ?? new Set();
        const done = () => {
          signal.removeEventListener('abort', done);
          wakers.delete(done);
          if (wakers.size === 0 && waiting.get(id) === wakers) waiting.delete(id);
          resolve();
        };
        signal.addEventListener('abort', done, { once: true });
        wakers.add(done);
        waiting.set(id, wakers);
      });
    },
    wake(id) {
      if (waiting.size === 0) return;
      const wakers = waiting.get(id);
      if (wakers) for (const done of [...wakers]) done();
    },
  };
}
