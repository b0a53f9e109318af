import { type Duration, durationMs } from '@twiceproof/core';
import { checkCount, checkNames, checkSwitch, invalidOption } from '@twiceproof/core/toolkit';
import type { RedisClient } from './client.ts';

/** What {@link redisStore} takes. */
export interface RedisStoreOptions {
  /** An ioredis client: `new Redis(…)`, with Sentinel or without, or `new Cluster(…)`; or `nodeRedis(…)`
   * around one of node-redis. Stays yours. */
  readonly client: RedisClient;
  /**
   * Stands before the record id in every key, with a colon. Two stores on one server need prefixes of
   * which none is the beginning of the other. `'twiceproof'` unless given.
   */
  readonly prefix?: string | undefined;
  /**
   * How long a key outlives its record: so long paused retirement can still serve it, and fences go
   * on rising. Must be longer than any clock of your servers and clients is off, and than a call may wait for Redis. `'1h'` unless given.
   */
  readonly grace?: Duration | undefined;
  /** How large one record may be. 8 MiB unless given, 256 MiB at most. */
  readonly maxRecordBytes?: number | undefined;
  /**
   * Publishes every settlement and deletion, so that whoever waits for a result is woken at once
   * instead of asking from time to time. True unless given.
   */
  readonly notify?: boolean | undefined;
  /**
   * Claims also on a server with `maxmemory` and another policy than `noeviction`, which forgets
   * records when it is full: their work is executed again. False unless given: claims are refused.
   */
  readonly allowEviction?: boolean | undefined;
  /**
   * Lets a claim or a settlement count only once so many replicas have it (`WAIT`). Fewer writes are
   * lost at a failover, at the price of a round trip to the replicas; not set unless given.
   */
  readonly wait?: { readonly replicas: number; readonly timeout: Duration } | undefined;
}

const known: readonly string[] = [
  'client',
  'prefix',
  'grace',
  'maxRecordBytes',
  'notify',
  'allowEviction',
  'wait',
] satisfies readonly (keyof RedisStoreOptions)[];

const largestRecordBytes = 256 * 1024 * 1024;

export function checkOptions(options: RedisStoreOptions): {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly graceMs: number;
  readonly maxRecordBytes: number;
  readonly notify: boolean;
  readonly allowEviction: boolean;
  readonly wait: { readonly replicas: number; readonly timeoutMs: number } | undefined;
} {
  checkNames(options, known, 'redisStore');
  const { client, prefix = 'twiceproof', grace = '1h', notify = true, wait } = options;
  const { maxRecordBytes = 8 * 1024 * 1024, allowEviction = false } = options;
  checkClient(client);
  if (typeof prefix !== 'string' || prefix === '' || /[{}]/.test(prefix)) {
    throw invalidOption(
      `prefix is ${JSON.stringify(prefix)}; give a text without braces, which would move all records of a Cluster into one slot`,
    );
  }
  checkSwitch(notify, 'notify');
  checkSwitch(allowEviction, 'allowEviction');
  checkCount(maxRecordBytes, 'maxRecordBytes', largestRecordBytes);
  if (wait !== undefined) checkCount(wait.replicas, 'wait.replicas', 1_000);
  return {
    client,
    prefix,
    graceMs: durationMs(grace, 'grace'),
    maxRecordBytes,
    notify,
    allowEviction,
    wait: wait && {
      replicas: wait.replicas,
      timeoutMs: durationMs(wait.timeout, 'wait.timeout'),
    },
  };
}

function checkClient(client: RedisClient): void {
  const needed = ['setBuffer', 'evalshaBuffer', 'evalBuffer', 'pipeline', 'duplicate', 'scan'];
  const methods = client as unknown as Record<string, unknown> | undefined;
  const missing = needed.find((name) => typeof methods?.[name] !== 'function');
  if (missing === undefined) return;
  throw invalidOption(
    `client has no ${missing}(); give a client of ioredis, new Redis() or new Cluster(), or nodeRedis(client) for one of node-redis`,
  );
}
