import type { RedisClient, RedisSubscriber } from './client.ts';

/** The store's own connection for publish/subscribe, opened with the first channel. */
export interface Subscriptions {
  /** Resolves once the server confirms. `heard` is told each message. */
  join(channel: string, heard: (message: string) => void): Promise<void>;
  leave(channel: string): void;
  /** Told after each connection but the first: messages may have been missed before. */
  onReconnect(listener: () => void): void;
  close(): void;
}

/**
 * Channels are joined before there is a connection, whatever the client does with other commands.
 * After a reconnection everybody is woken, and nobody is subscribed any more.
 */
const overrides = { enableOfflineQueue: true, lazyConnect: false, autoResubscribe: false };

function duplicate(client: RedisClient): RedisSubscriber {
  const args: unknown[] = client.nodes === undefined ? [overrides] : [[], overrides];
  return client.duplicate(...(args as never[]));
}

export function createSubscriptions(client: RedisClient): Subscriptions {
  const channels = new Map<string, (message: string) => void>();
  const listeners: (() => void)[] = [];
  let connection: RedisSubscriber | undefined;

  const open = () => {
    const opened = duplicate(client);
    let isFirst = true;
    opened.on('message', (channel, message) => channels.get(channel)?.(message));
    opened.on('ready', () => {
      if (!isFirst) for (const listener of listeners) listener();
      isFirst = false;
    });
    // ioredis connects again by itself; whoever waits falls back to asking.
    opened.on('error', () => {});
    return opened;
  };

  return {
    async join(channel, heard) {
      channels.set(channel, heard);
      connection ??= open();
      await connection.subscribe(channel);
    },
    leave(channel) {
      channels.delete(channel);
      connection?.unsubscribe(channel).catch(() => {});
    },
    onReconnect(listener) {
      listeners.push(listener);
    },
    close() {
      connection?.disconnect();
      connection = undefined;
      channels.clear();
    },
  };
}
