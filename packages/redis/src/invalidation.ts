import { randomUUID } from 'node:crypto';
import { IdempotencyError, type Invalidation } from '@twiceproof/core';
import type { RedisSubscriber } from './client.ts';

/** What {@link redisInvalidation} takes. */
export interface RedisInvalidationOptions {
  /** An ioredis client, or `nodeRedis(…)`. Stays yours; a duplicate of it listens. */
  readonly client: {
    publish(channel: string, message: string): Promise<unknown>;
    duplicate(): RedisSubscriber;
  };
  /** The same in every process that shares records. `'twiceproof:invalidation'` unless given. */
  readonly channel?: string | undefined;
}

/**
 * Lets stacked stores tell each other over Redis pub/sub what operators changed, whatever their
 * authority is. When the connection was down, what may have been missed is no longer trusted.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for a bad value.
 *
 * @example
 * ```ts
 * import { type Store, tiered } from '@twiceproof/core';
 * import { redisInvalidation, redisStore } from '@twiceproof/redis';
 * import { Redis } from 'ioredis';
 *
 * declare const memory: Store;
 * declare const dynamodb: Store;
 * const client = new Redis('redis://localhost:6379');
 * const stores = [memory, redisStore({ client }), dynamodb];
 * const store = tiered(stores, { invalidation: redisInvalidation({ client }) });
 * ```
 */
export function redisInvalidation(options: RedisInvalidationOptions): Invalidation {
  const { client, channel = 'twiceproof:invalidation' } = options;
  if (typeof client?.publish !== 'function' || typeof client.duplicate !== 'function') {
    throw new IdempotencyError(
      'OPTIONS_INVALID',
      'client must be an ioredis client, or nodeRedis(client)',
    );
  }
  if (typeof channel !== 'string' || channel === '') {
    throw new IdempotencyError('OPTIONS_INVALID', 'channel is empty; give a name');
  }
  // A process has already done what it tells the others.
  const origin = randomUUID();
  return {
    async publish(id) {
      await client.publish(channel, `${origin} ${id}`);
    },
    subscribe(forget) {
      const subscriber = client.duplicate();
      let wasReady = false;
      subscriber.on('message', (_channel, message) => {
        const space = message.indexOf(' ');
        if (message.slice(0, space) !== origin) forget(message.slice(space + 1));
      });
      subscriber.on('ready', () => {
        if (wasReady) forget(undefined);
        wasReady = true;
      });
      // ioredis connects again by itself, and then subscribes again.
      subscriber.on('error', () => {});
      subscriber.subscribe(channel).catch(() => forget(undefined));
      return () => subscriber.disconnect();
    },
  };
}
