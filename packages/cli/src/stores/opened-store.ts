import type { Store } from '@twiceproof/core';

/** A store that was opened from a URL. */
export interface OpenedStore {
  readonly store: Store;
  /** By how much the server's clock is ahead of this machine's, where the store does not say it. */
  clockOffsetMs?(): Promise<number>;
  close(): Promise<void>;
}

/** What opening a store needs to know beside its URL. */
export interface OpenOptions {
  /** Where packages that are not neighbours of this one are looked for. */
  readonly cwd: string;
  /** How many requests are to travel at once. */
  readonly connections: number;
}

/** How long a connection may take. */
export const connectTimeoutMs = 10_000;
/** How long a request may take: listing reads a lot. */
export const requestTimeoutMs = 30_000;
