import {
  createIdempotency,
  type Idempotency,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import type { TwiceproofConfig } from './config.ts';
import { exitCodes, Failure, usage } from './failure.ts';
import { checkProbe } from './records/probe-of.ts';
import { hearClientFaults } from './stores/client-faults.ts';
import { findConfigFile, loadConfigFile } from './stores/config-file.ts';
import { awaitFirstAnswer } from './stores/first-answer.ts';
import { openStore } from './stores/open-store.ts';
import { requestTimeoutMs } from './stores/opened-store.ts';
import { parseStoreUrl } from './stores/store-url.ts';
import { urlForms } from './stores/url-forms.ts';

/** Where the records are, as the command line says it. */
export interface StoreSource {
  /** A store URL. */
  readonly store?: string | undefined;
  /** Path of a configuration file; one in the working directory is found without. */
  readonly config?: string | undefined;
  readonly cwd: string;
  /** How many requests are to travel at once; 1 unless given. */
  readonly connections?: number | undefined;
}

/** An open store, and what operators do with it. */
export interface Session {
  /** The store as it may be shown: a URL without its password, or the configuration file. */
  readonly label: string;
  readonly store: Store;
  /** Its `records` look at the environment that they are given; null is all of them. */
  readonly idempotency: Idempotency;
  readonly config: TwiceproofConfig;
  /** How far the server's clock is ahead of this machine's, where only the connection tells. */
  readonly clockOffsetMs: (() => Promise<number>) | undefined;
  close(): Promise<void>;
}

/** Whoever waits for a command to end has seen its message already. */
const longestEndMs = 5_000;

/** Opens the store that is given by URL or configuration file. Nothing is read or changed in it. */
export async function openSession(source: StoreSource): Promise<Session> {
  const { store: url, cwd, connections = 1 } = source;
  if (url !== undefined) {
    const opened = await openStore(url, { cwd, connections });
    const parsed = parseStoreUrl(url)!;
    const retirement = parsed.params.get('retirement') as 'on' | 'paused' | undefined;
    const config: TwiceproofConfig = { store: opened.store, retirement };
    return sessionOf(parsed.label, config, opened.close, opened.clockOffsetMs);
  }
  const path = findConfigFile(cwd, source.config);
  if (path === undefined) {
    throw usage(`no store is given: --store ${urlForms}, or write a twiceproof.config.ts`);
  }
  const faults = hearClientFaults();
  const config = await loadConfigFile(path);
  const session = sessionOf(path, config, async () => {
    await config.store.close?.();
    await config.close?.();
  });
  await awaitFirstAnswer(config.store, path, faults);
  return session;
}

function sessionOf(
  label: string,
  config: TwiceproofConfig,
  close: () => Promise<void>,
  clockOffsetMs?: () => Promise<number>,
): Session {
  const idempotency = createIdempotency(optionsOf(config));
  return {
    label,
    store: config.store,
    idempotency,
    config,
    clockOffsetMs,
    async close() {
      // A change whose answer was lost is settled while there is a store to do it in.
      await idempotency.close({ timeout: longestEndMs });
      await close();
    },
  };
}

/** The options of `createIdempotency` in a configuration. */
export function optionsOf({
  links,
  close,
  probe,
  ...options
}: TwiceproofConfig): IdempotencyOptions {
  if (links !== undefined) checkLinks(links);
  if (close !== undefined && typeof close !== 'function') throw usage('close is no function');
  if (probe !== undefined) checkProbe(probe);
  return {
    storeTimeout: requestTimeoutMs,
    ...options,
    // Every request names the environments that it is about.
    environment: options.environment ?? 'unset',
    enabled: true,
  };
}

function checkLinks(links: Readonly<Record<string, unknown>>): void {
  for (const [label, template] of Object.entries(links)) {
    if (typeof template === 'string' && /^https?:\/\//.test(template)) continue;
    throw new Failure(
      exitCodes.usage,
      `links.${label} is no URL; give one such as https://jaeger.example.com/trace/{traceId}`,
    );
  }
}
