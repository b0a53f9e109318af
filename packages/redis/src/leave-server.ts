import type { RedisClient } from './client.ts';

// A server that stays the wrong one must not have its users connect all the time.
const pauseMs = 1_000;
const leftAt = new WeakMap<RedisClient, number>();

/**
 * Makes the client look for the server anew: its connection leads to one that a failover has made the
 * wrong one, and by itself would for ever. Commands that wait for answers are sent again by the client.
 */
export function createLeaveServer(client: RedisClient): () => void {
  return () => {
    const now = performance.now();
    if (now - (leftAt.get(client) ?? Number.NEGATIVE_INFINITY) < pauseMs) return;
    leftAt.set(client, now);
    if (client.nodes !== undefined) client.refreshSlotsCache?.();
    else if (client.status === 'ready' && connectsAgain(client)) client.disconnect?.(true);
  };
}

/** A client that would not connect again keeps the connection that it has. */
function connectsAgain({ options }: RedisClient): boolean {
  const strategy = options?.retryStrategy;
  return typeof strategy === 'function' && typeof strategy(1) === 'number';
}
