import type { Acquisition, Settlement, StoreOptions } from '@twiceproof/core';
import type { SettleAnswer } from './script.ts';

/**
 * What is on the way of every call, where one more promise is felt: a request knows itself what its answer
 * comes to, so that its caller waits for nothing else.
 */
export interface RecordRequest<Answer, Result> {
  readonly id: string;
  readonly key: string;
  readonly options: StoreOptions | undefined;
  answered(answer: Answer): Result | Promise<Result>;
}

/** A first claim, as it is sent. Null answers that the record was absent and is claimed now, else what the key holds. */
export interface ClaimRequest extends RecordRequest<Buffer | null, Acquisition> {
  readonly value: string;
  readonly ttlMs: number;
}

/** A read for who claims: what the key holds, if it is a string. */
export type LookRequest = RecordRequest<Buffer | null, Acquisition>;

/** A settlement; its parts are those that lua/settle.lua takes. */
export interface SettleRequest extends RecordRequest<SettleAnswer, Settlement> {
  readonly before: string;
  readonly after: string;
  readonly tail: Buffer;
  readonly ttl: string | number;
  /** Where the claimant knows what the record is, and what it comes to: then it needs no script. */
  swap(): Swap | undefined;
}

/** A settlement by comparison, if the record is exactly as its claimant left it. */
export interface Swap {
  readonly from: string;
  readonly to: Buffer;
  readonly ttlMs: number | undefined;
}

export interface RecordRequests {
  claim(request: ClaimRequest): Promise<Acquisition>;
  /** Not there for a client that reads from replicas, which are behind. */
  look?(request: LookRequest): Promise<Acquisition>;
  settle(request: SettleRequest): Promise<Settlement>;
}

/** How one of them is sent by itself. */
export interface SingleRequests {
  claim(request: ClaimRequest): Promise<Buffer | null>;
  look(request: LookRequest): Promise<Buffer | null>;
  settle(request: SettleRequest): Promise<SettleAnswer>;
}
