import type { Store } from '@twiceproof/core';
import { createOwnClaims, createReplayGuess } from '@twiceproof/core/toolkit';
import { createAcquire } from './acquire.ts';
import { createCommands } from './commands.ts';
import { createDelete } from './delete.ts';
import { createDelivery } from './delivery.ts';
import { createEvictionGuard } from './eviction-guard.ts';
import { createExtend } from './extend.ts';
import { createFault } from './fault.ts';
import { createFill } from './fill.ts';
import { createGet } from './get.ts';
import { createList } from './list.ts';
import { checkOptions, type RedisStoreOptions } from './options.ts';
import { createRenew } from './renew.ts';
import { confirmWord, wakeWord } from './script-words.ts';
import { createServerClock } from './server-clock.ts';
import { createComplete, createRelease } from './settle.ts';
import type { StoreContext } from './store-context.ts';
import { createSubscriptions } from './subscriptions.ts';
import { type RedisWarning, verify } from './verify.ts';
import { createWatch } from './watch.ts';

/** A plain read costs half of what a claim costs, which is lost where it finds nothing. Ids are not looked at: the
 * claims of one tick would be two requests, those of ids that were met and the others. */
const surely = { likelyFrom: 0.9, memory: 32 };

/** A {@link Store} in Redis, and what only Redis offers. */
export type RedisStore = Store &
  Required<Pick<Store, 'extend' | 'fill' | 'close'>> & {
    /** Looks for settings of the servers under which records can be lost. An empty list is good. */
    verify(): Promise<readonly RedisWarning[]>;
  };

/**
 * Keeps records in Redis 7 or Valkey, through the ioredis client that you have: single node, Sentinel
 * or Cluster. A first call and a replay cost one native command each.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { redisStore } from '@twiceproof/redis';
 * import { Redis } from 'ioredis';
 *
 * const store = redisStore({ client: new Redis('redis://localhost:6379') });
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * ```
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const { client, prefix, graceMs, maxRecordBytes, notify, allowEviction, wait } =
    checkOptions(options);
  const clock = createServerClock();
  const keyPrefix = client.options?.keyPrefix ?? '';
  const keysBefore = `${keyPrefix}${prefix}:`;
  const delivery = createDelivery(client, keyPrefix);
  const fault = createFault(client);
  const waits = wait !== undefined;
  const settleCommon = `${graceMs};${maxRecordBytes};${wakeWord(notify)};${confirmWord(waits)};`;
  const context: StoreContext = {
    commands: createCommands(client, { prefix, clock, wait, delivery, fault, settleCommon }),
    fault,
    clock,
    guess: createReplayGuess(surely),
    ownClaims: createOwnClaims(({ claim }) => claim.id),
    graceMs,
    maxRecordBytes,
    wakes: notify,
    waits,
    ...(!allowEviction && {
      evictionGuard: createEvictionGuard(client, { prefix, delivery, fault }),
    }),
  };
  const subscriptions = createSubscriptions(client);
  const { watch, close } = createWatch(context, subscriptions, keysBefore);

  return {
    name: 'redis',
    limits: { maxRecordBytes },
    acquire: createAcquire(context),
    renew: createRenew(context),
    complete: createComplete(context),
    release: createRelease(context),
    get: createGet(context),
    delete: createDelete(context),
    list: createList(context, client, keysBefore),
    extend: createExtend(context),
    fill: createFill(context),
    ...(notify && { watch }),
    verify: () => verify(client, fault),
    async close() {
      close();
      subscriptions.close();
    },
  };
}
