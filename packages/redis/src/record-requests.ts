import type { StoreOptions } from '@twiceproof/core';

/** A first claim, as it is sent. */
export interface ClaimRequest {
  readonly key: string;
  readonly value: string;
  readonly ttlMs: number;
  readonly options: StoreOptions | undefined;
}

export interface ReadRequest {
  readonly key: string;
  readonly options: StoreOptions | undefined;
}

/** A settlement, as lua/settle.lua takes it. */
export interface SettleRequest {
  readonly key: string;
  readonly args: string;
  readonly outcome: Buffer;
  /** Of who knows what the record is, and what it comes to. */
  readonly swap: (() => Swap) | undefined;
  readonly options: StoreOptions | undefined;
}

/** A settlement that needs no script, if the record is exactly as its claimant left it. */
interface Swap {
  readonly from: string;
  readonly to: Buffer;
  readonly ttlMs: number | undefined;
}

/** What is on the way of every call, where one more promise is felt: faults are as they come. */
export interface RecordRequests {
  /** Null if the record was absent and is claimed now, else what the key holds. */
  claim(request: ClaimRequest): Promise<Buffer | null>;
  /** What the key holds, if it is a string; not there for a client that reads from replicas, which are behind. */
  look?(request: ReadRequest): Promise<Buffer | null>;
  /** What lua/settle.lua answers about one record. */
  settle(request: SettleRequest): Promise<unknown>;
}
