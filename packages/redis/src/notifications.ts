import type { RedisSubscriber } from './client.ts';
import { globLiteral } from './glob-literal.ts';

/** Told the record id that was settled, extended or deleted; undefined when some may have been missed. */
export type ChangeListener = (id: string | undefined) => void;

/** What other processes publish about records, heard over a connection of the store's own. */
export interface Notifications {
  /** Resolves when the record changes, or early; `isOver` asks whether that has happened already. */
  watch(id: string, signal: AbortSignal, isOver: () => Promise<boolean>): Promise<void>;
  /** Answers what ends it. */
  listen(listener: ChangeListener): Promise<() => Promise<void>>;
  close(): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (fault: unknown) => void;
}

/** `channels` is what stands before a record id in the name of its channel. */
export function createNotifications(
  connect: () => RedisSubscriber,
  channels: string,
): Notifications {
  const waiting = new Map<string, Set<Waiter>>();
  const listeners = new Set<ChangeListener>();
  const pattern = `${globLiteral(channels)}*`;
  let connection: RedisSubscriber | undefined;
  let isFirstConnection = true;

  const subscriber = () => {
    if (connection !== undefined) return connection;
    connection = connect();
    connection.on('message', (channel) => settle(channel, (waiter) => waiter.resolve()));
    connection.on('pmessage', (_, channel) => tell(channel.slice(channels.length)));
    connection.on('ready', onReady);
    // ioredis connects again by itself; whoever waits falls back to asking.
    connection.on('error', () => {});
    return connection;
  };

  const onReady = () => {
    if (!isFirstConnection) missedSome();
    isFirstConnection = false;
  };

  const missedSome = () => {
    for (const channel of [...waiting.keys()]) settle(channel, (waiter) => waiter.resolve());
    tell(undefined);
  };

  const tell = (id: string | undefined) => {
    for (const listener of [...listeners]) listener(id);
  };

  const settle = (channel: string, how: (waiter: Waiter) => void) => {
    const waiters = waiting.get(channel);
    if (waiters === undefined) return;
    forget(channel);
    for (const waiter of waiters) how(waiter);
  };

  const forget = (channel: string) => {
    waiting.delete(channel);
    connection?.unsubscribe(channel).catch(() => {});
  };

  const start = async (channel: string, isOver: () => Promise<boolean>) => {
    try {
      await subscriber().subscribe(channel);
      // Whatever happened before the subscription was not heard.
      if (await isOver()) settle(channel, (waiter) => waiter.resolve());
    } catch (fault) {
      settle(channel, (waiter) => waiter.reject(fault));
    }
  };

  return {
    watch(id, signal, isOver) {
      if (signal.aborted) return Promise.resolve();
      const channel = channels + id;
      const waiters = waiting.get(channel) ?? new Set<Waiter>();
      const isFirst = !waiting.has(channel);
      waiting.set(channel, waiters);
      const waiter = Promise.withResolvers<void>();
      waiters.add(waiter);
      const leave = () => {
        waiters.delete(waiter);
        if (waiters.size === 0 && waiting.get(channel) === waiters) forget(channel);
        waiter.resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      if (isFirst) void start(channel, isOver);
      return waiter.promise.finally(() => signal.removeEventListener('abort', leave));
    },

    async listen(listener) {
      listeners.add(listener);
      if (listeners.size === 1) await subscriber().psubscribe(pattern);
      return async () => {
        listeners.delete(listener);
        if (listeners.size === 0) await connection?.punsubscribe(pattern);
      };
    },

    close() {
      connection?.disconnect();
      connection = undefined;
      isFirstConnection = true;
      for (const waiters of waiting.values()) for (const { resolve } of waiters) resolve();
      waiting.clear();
      listeners.clear();
    },
  };
}
