import type { Store } from '@twiceproof/core';
import type { Kept } from './kept.ts';

/** Where a store keeps its records, to be looked into and to be filled by others. */
export interface Place {
  /** A space of its own, which has what others have left there. */
  fresh(left?: Kept): Promise<Space>;
  stop(): Promise<void>;
}

interface Space {
  readonly store: Store;
  /** What is there now, as it is kept in files. */
  rows(): Promise<Kept['rows']>;
  tables?(): Promise<string[]>;
}

/** Bytes as text that a file and a person can hold. */
export const asHex = (value: unknown): unknown =>
  value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value;

export const fromHex = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'hex' in value
    ? Buffer.from(String(value.hex), 'hex')
    : value;
