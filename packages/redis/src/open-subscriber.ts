import type { RedisSubscriber } from './client.ts';

/** What a connection for publish/subscribe can be made of: one server's client, or that of a Cluster. */
export interface SubscriberSource {
  duplicate(overrides?: never): RedisSubscriber;
  /** A Cluster has it. */
  nodes?(role: 'master'): readonly { duplicate(overrides?: never): RedisSubscriber }[];
}

/**
 * It connects at once and subscribes before it is connected, whatever the client does with other
 * commands. It does not connect again by itself: each end is an end of what was heard.
 */
const overrides = {
  enableOfflineQueue: true,
  lazyConnect: false,
  autoResubscribe: false,
  retryStrategy: null,
  enableAutoPipelining: false,
};

/**
 * Opens a connection for publish/subscribe. Every node of a Cluster hears every message, so one of them
 * will do; ioredis' own subscriber of a Cluster would change nodes without a word about what it missed.
 */
export function openSubscriber(client: SubscriberSource): RedisSubscriber {
  const nodes = client.nodes?.('master') ?? [client];
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  if (node === undefined) throw new Error('no node of the Redis Cluster is known yet');
  const opened = node.duplicate(overrides as never);
  // Its end says all that is to be said.
  opened.on('error', () => {});
  return opened;
}
