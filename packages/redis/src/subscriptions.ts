import type { RedisClient, RedisSubscriber } from './client.ts';
import { openSubscriber } from './open-subscriber.ts';

/** The store's own connection for publish/subscribe, opened with the first channel. */
export interface Subscriptions {
  /** Resolves once the server confirms. `heard` is told each message. */
  join(channel: string, heard: (message: string) => void): Promise<void>;
  leave(channel: string): void;
  /** Told when the connection ends: nobody is subscribed any more, and messages may be missed. */
  onLost(listener: () => void): void;
  close(): void;
}

export function createSubscriptions(client: RedisClient): Subscriptions {
  const channels = new Map<string, (message: string) => void>();
  const listeners: (() => void)[] = [];
  let connection: RedisSubscriber | undefined;

  const open = () => {
    const opened = openSubscriber(client);
    opened.on('message', (channel, message) => channels.get(channel)?.(message));
    opened.on('end', () => {
      if (connection !== opened) return;
      // The next who waits opens another one, to another node where there are several.
      connection = undefined;
      channels.clear();
      for (const listener of listeners) listener();
    });
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
    onLost(listener) {
      listeners.push(listener);
    },
    close() {
      const closing = connection;
      connection = undefined;
      channels.clear();
      closing?.disconnect();
    },
  };
}
