import type { IdempotencyOptions, Store } from '@twiceproof/core';
import type { ConfiguredProbe } from './records/probe-of.ts';

/**
 * What `twiceproof.config.ts` exports by default: the store, and what the applications give to
 * `createIdempotency` as far as the records need it. `encrypt` or an offload is needed to read
 * results, `keySecret` to compute ids, `instrumentation` to hear of operators' actions.
 */
export interface TwiceproofConfig extends Omit<IdempotencyOptions, 'environment'> {
  readonly store: Store;
  /** Commands look at this environment alone, unless told otherwise. All of them if it is left out. */
  readonly environment?: string | undefined;
  /**
   * Where to look further, by label. `{traceId}`, `{spanId}`, `{recordId}`, `{environment}`,
   * `{operation}`, `{run}`, `{key}`, `{downstreamKey}` and `{downstreamUuid}` stand for those of the record.
   */
  readonly links?: Readonly<Record<string, string>> | undefined;
  /**
   * Finds out for `twiceproof reconcile` and the console whether the effect of an abandoned record
   * happened: one for all operations, or one by operation.
   */
  readonly probe?: ConfiguredProbe | undefined;
  /** Closes what the store was built on, when the command is done. */
  readonly close?: (() => unknown) | undefined;
}

/**
 * Types the configuration file of `twiceproof`; answers what it is given.
 *
 * @example
 * ```ts
 * // twiceproof.config.ts
 * import { defineConfig } from '@twiceproof/cli';
 * import { redisStore } from '@twiceproof/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis(process.env.REDIS_URL ?? 'redis://localhost:6379');
 *
 * export default defineConfig({
 *   environment: 'prod',
 *   store: redisStore({ client }),
 *   links: { Jaeger: 'https://jaeger.example.com/trace/{traceId}' },
 *   close: () => client.quit(),
 * });
 * ```
 */
export function defineConfig(config: TwiceproofConfig): TwiceproofConfig {
  return config;
}
