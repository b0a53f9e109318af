import { IdempotencyError, type Invalidation } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import { type Hearing, listen } from './hearing.ts';
import type { SubscriberSource } from './open-subscriber.ts';

/** What {@link redisInvalidation} takes. */
export interface RedisInvalidationOptions {
  /** An ioredis client, or `nodeRedis(…)`. Stays yours; a duplicate of it listens. */
  readonly client: SubscriberSource & {
    publish(channel: string, message: string): Promise<unknown>;
  };
  /** The same in every process that shares records. `'twiceproof:invalidation'` unless given. Beside it
   * each process uses a channel whose name begins with this one and a colon. */
  readonly channel?: string | undefined;
}

/**
 * Lets stacked stores tell each other over Redis pub/sub what operators changed, whatever their
 * authority is. It proves every few seconds that it hears; while it does not, faster tiers are not
 * used, and afterwards what may have been missed is no longer trusted.
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
  const origin = nodeCrypto().randomUUID();
  const hearings = new Set<Hearing>();
  return {
    get isListening() {
      return hearings.size > 0 && [...hearings].every(({ isCertain }) => isCertain);
    },
    async publish(id) {
      await client.publish(channel, `${origin} ${id}`);
    },
    subscribe(forget) {
      const hearing = listen(client, channel, {
        heard(message) {
          const space = message.indexOf(' ');
          if (message.slice(0, space) !== origin) forget(message.slice(space + 1));
        },
        regained: () => forget(undefined),
      });
      hearings.add(hearing);
      return () => {
        hearings.delete(hearing);
        hearing.close();
      };
    },
  };
}
