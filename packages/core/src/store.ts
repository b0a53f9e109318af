/**
 * The store contract: what a backend implements so that core can run on it.
 *
 * A store is a plain object whose methods need no `this`, so that it can be spread and decorated.
 * Its answers are values; an exception is a fault of the store. It never hashes, encodes, traces or
 * reads configuration from the environment, and it never opens or closes the user's connections.
 */

/** Where a record stands. An absent record has no status. */
export type RecordStatus = 'in_progress' | 'completed' | 'failed';

/** The record format that this version of Twiceproof writes, and the newest that it reads. */
export const RECORD_FORMAT = 1;

/** What operators see of an error: never its stack, never its payload. */
export interface ErrorNote {
  readonly name: string;
  readonly message: string;
}

/** Who settled a record without executing it: an operator, or a probe. */
export interface SettledBy {
  readonly by: string;
  readonly reason?: string | undefined;
}

/** What a store keeps for one record id. Times are epoch milliseconds of the authority's clock. */
export interface StoredRecord {
  readonly id: string;
  readonly environment: string;
  readonly operation: string;
  readonly run: number;
  readonly scope?: string | undefined;
  readonly status: RecordStatus;
  /** Random id of the claim that wrote this record; only its holder may renew or settle it. */
  readonly token: string;
  /** Rises strictly with every claim of this record id, also over deletion and expiry. */
  readonly fence: number;
  /** How many times execution has started for this record; 1 for the first. */
  readonly attempt: number;
  readonly fingerprint?: string | undefined;
  /** Record id of the workflow that it is a step of. */
  readonly workflow?: string | undefined;
  /** Digest of what a workflow was started with; of a step, of what its workflow was started with when
   * the step was claimed. */
  readonly inputDigest?: string | undefined;
  /** When the first attempt claimed the record. */
  readonly createdAt: number;
  /** When the latest attempt claimed it. */
  readonly startedAt: number;
  /** When the latest lease ends or ended. */
  readonly leaseUntil: number;
  /** When the record was completed, or its latest attempt failed. */
  readonly completedAt?: number | undefined;
  /** When the record stops counting; undefined keeps it until someone deletes it. */
  readonly expiresAt?: number | undefined;
  readonly keyPreview?: string | undefined;
  readonly inputPreview?: string | undefined;
  /** Encoded outcome of a completed record. Left out of pages that `list` answers. */
  readonly outcome?: Uint8Array | undefined;
  /** Bytes of the encoded outcome, known also where `outcome` is left out. */
  readonly outcomeBytes?: number | undefined;
  /** The error of the latest attempt. A record in progress has one once its attempt ended with nobody
   * knowing whether its effect happened. */
  readonly lastError?: ErrorNote | undefined;
  /** Set where the latest settlement was an operator's or a probe's. */
  readonly settledBy?: SettledBy | undefined;
  /** W3C traceparent: of the call while in progress, of the executing span once settled. */
  readonly traceparent?: string | undefined;
  readonly formatVersion: number;
}

/** Whether the latest attempt ended with nobody knowing whether its effect happened. Such a record is
 * abandoned, and says why: its lease is over, whatever the clock says. */
export function isOutcomeUnknown({
  status,
  lastError,
}: Pick<StoredRecord, 'status' | 'lastError'>): boolean {
  return status === 'in_progress' && lastError !== undefined;
}

/** Identifies the state of a record that somebody saw: it changes with every claim, settlement and
 * change of expiry, and not with a renewal. Every store computes and compares exactly this. */
export function recordVersion(
  record: Pick<StoredRecord, 'fence' | 'status' | 'expiresAt'>,
): string {
  return record.status === 'in_progress'
    ? `${record.fence}.in_progress`
    : `${record.fence}.${record.status}.${record.expiresAt ?? 'never'}`;
}

/** What every request may carry. */
export interface StoreOptions {
  /** Aborted when the caller no longer waits for the answer. */
  readonly signal?: AbortSignal | undefined;
  /** `'paused'`: completed records past their retention that are still there count as kept. */
  readonly retirement?: 'on' | 'paused' | undefined;
  /** Told by stacked stores about each faster tier that was asked. */
  readonly onTierLookup?: ((storeName: string, hit: boolean) => void) | undefined;
}

/** A request to execute one piece of work. */
export interface Claim {
  readonly id: string;
  readonly environment: string;
  readonly operation: string;
  readonly run: number;
  readonly scope?: string | undefined;
  /** One per call, reused on each retry of that call. */
  readonly token: string;
  readonly leaseMs: number;
  /** How long the record outlives its lease when nobody settles it; null keeps it until someone does. */
  readonly retentionMs: number | null;
  readonly fingerprint?: string | undefined;
  readonly workflow?: string | undefined;
  readonly inputDigest?: string | undefined;
  readonly keyPreview?: string | undefined;
  readonly inputPreview?: string | undefined;
  readonly traceparent?: string | undefined;
  /** What to do with a record whose lease is over: take it over, or answer it as it is. */
  readonly abandoned: 'reexecute' | 'hold';
  /**
   * A `recordVersion`. When set, an existing record is claimed if and only if it is at this version
   * and no live lease holds it: this is how a settled or held record is deliberately claimed again.
   */
  readonly supersedes?: string | undefined;
  /** Beside `supersedes`, for who settles a record without executing: `attempt` stays as it is. */
  readonly settlesOnly?: boolean | undefined;
  readonly formatVersion: number;
}

/**
 * The answer to a claim. `leaseRemainingMs` is what is left of the record's lease by the authority's
 * clock when it answered: the claimed lease when acquired, zero or less for an abandoned record.
 */
export type Acquisition =
  | {
      readonly status: 'acquired';
      readonly record: StoredRecord;
      readonly leaseRemainingMs: number;
    }
  | {
      readonly status: 'existing';
      readonly record: StoredRecord;
      readonly leaseRemainingMs: number;
    };

/** What is left of a lease by the authority's clock when it answered. */
export interface Lease {
  readonly remainingMs: number;
}

/** The end of a successful execution, or of one whose error is recorded. */
export interface EncodedOutcome {
  /** Opaque to the store. */
  readonly bytes: Uint8Array;
  /** Counted from completion; null keeps the record until someone deletes it. */
  readonly retentionMs: number | null;
  /** Set when the outcome is a recorded error. */
  readonly lastError?: ErrorNote | undefined;
  /** Set when it is not the executor who settles. */
  readonly settledBy?: SettledBy | undefined;
  readonly traceparent?: string | undefined;
}

/** The end of an attempt that may be repeated. */
export interface FailureNote {
  readonly error: ErrorNote;
  /** How long operators can see the failed record; null keeps it until someone deletes it. */
  readonly retentionMs: number | null;
  /**
   * Nobody knows whether the effect happened: the record stays in progress with its token and fence, its
   * lease ends now, and the error stays in it until the next claim. How long it outlives its lease is what
   * the claim said; `retentionMs` is not looked at.
   */
  readonly unknown?: boolean | undefined;
  /** Set when it is not the executor who settles. */
  readonly settledBy?: SettledBy | undefined;
  readonly traceparent?: string | undefined;
}

/**
 * What a settling write did. `already_done`: an earlier try of the same request had landed.
 * `lost`: the record is no longer mine, nothing was changed. `too_large`: the record would pass the
 * store's item limit, nothing was changed.
 */
export type Settlement =
  | { readonly status: 'done' | 'already_done'; readonly record: StoredRecord }
  | { readonly status: 'lost' }
  | { readonly status: 'too_large'; readonly recordBytes: number; readonly maxRecordBytes: number };

/** Which records to list. All conditions must hold; text is compared exactly unless said otherwise. */
export interface RecordQuery {
  readonly environment?: string | undefined;
  readonly operation?: string | undefined;
  readonly run?: number | undefined;
  readonly scope?: string | undefined;
  readonly status?: RecordStatus | undefined;
  /** Only in-progress records whose lease is over. */
  readonly stuck?: boolean | undefined;
  /** Only those of them that never expire: they wait for a verdict, where others wait for a call. */
  readonly held?: boolean | undefined;
  /** Only those whose attempt ended with nobody knowing whether its effect happened. */
  readonly unknown?: boolean | undefined;
  /** Only steps of the workflow with this record id. */
  readonly workflow?: string | undefined;
  readonly idPrefix?: string | undefined;
  /** Case-insensitive text anywhere in the key preview. */
  readonly text?: string | undefined;
  /** Epoch milliseconds; compares `startedAt`. */
  readonly startedBefore?: number | undefined;
  /** Epoch milliseconds, inclusive; compares `startedAt`. */
  readonly startedAfter?: number | undefined;
  /** 1 to 1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One page of records, without their outcome bytes. No cursor means that it is the last page; a
 * page may hold fewer records than asked for, even none, and still have a cursor. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  readonly cursor?: string | undefined;
}

/** How many records of one operation there are, by status. */
export interface OperationStats {
  readonly operation: string;
  readonly in_progress: number;
  readonly completed: number;
  readonly failed: number;
  /** Of those in progress, as `RecordQuery` tells them apart. */
  readonly stuck: number;
  readonly held: number;
  readonly unknown: number;
}

/**
 * What a store that keeps its records in this process answers without a promise. Each method stands for its
 * namesake in `of`, and does the same; core takes it only as long as the store has that very method, so that
 * whoever decorates a store is not passed by.
 */
export interface AtOnce {
  readonly of: Pick<Store, 'acquire' | 'complete'>;
  /** The record that `acquire` would answer with, if it is completed: `seen` itself, if that has its version. */
  look(id: string, options?: StoreOptions, seen?: StoredRecord): StoredRecord | undefined;
  acquire(claim: Claim, options?: StoreOptions): Acquisition;
  /** The record that it answers may be without its outcome, and be made when it is looked at: at once, or never. */
  complete(id: string, token: string, outcome: EncodedOutcome, options?: StoreOptions): Settlement;
}

export interface Store {
  /** Short and stable, for telemetry and messages, e.g. `redis`. */
  readonly name: string;
  readonly limits: { readonly maxRecordBytes: number };

  /**
   * One atomic step: claims a free, failed, expired or abandoned record, or answers the existing one
   * and changes nothing. An existing record whose fingerprint differs from the claim's is never
   * claimed. A record that carries the claim's own token is acquired: the first try had landed.
   */
  acquire(claim: Claim, options?: StoreOptions): Promise<Acquisition>;

  /** Sets the lease to `leaseMs` from now, if the record is in progress with this token and its attempt
   * has not ended as unknown. */
  renew(
    id: string,
    token: string,
    leaseMs: number,
    options?: StoreOptions,
  ): Promise<Lease | undefined>;

  /** Completes the record, if it is in progress with this token. Never creates a record. */
  complete(
    id: string,
    token: string,
    outcome: EncodedOutcome,
    options?: StoreOptions,
  ): Promise<Settlement>;

  /** Ends the attempt as failed or unknown, if the record is in progress with this token. */
  release(
    id: string,
    token: string,
    failure: FailureNote,
    options?: StoreOptions,
  ): Promise<Settlement>;

  /** The record with its outcome bytes; undefined if absent or expired. */
  get(id: string, options?: StoreOptions): Promise<StoredRecord | undefined>;

  /** Removes the record, whatever its status; with `version`, only if it is still at it. */
  delete(
    id: string,
    options?: StoreOptions & { readonly version?: string | undefined },
  ): Promise<boolean>;

  list(query: RecordQuery, options?: StoreOptions): Promise<RecordPage>;

  /** Counts matching records by operation and status, where that costs less than listing them. */
  stats?(query: RecordQuery, options?: StoreOptions): Promise<readonly OperationStats[]>;

  /** Changes when a settled record expires; null keeps it until someone deletes it. With `version`,
   * only if it is still at it. Answers the changed record, or undefined if nothing was changed. */
  extend?(
    id: string,
    retentionMs: number | null,
    options?: StoreOptions & { readonly version?: string | undefined },
  ): Promise<StoredRecord | undefined>;

  /** Takes a completed record of a slower store as it is, for at most `ttlMs`; how a tier is filled. */
  fill?(record: StoredRecord, ttlMs: number, options?: StoreOptions): Promise<void>;

  /** Creates what the store needs; running it twice, or twice at once, is harmless. */
  setup?(): Promise<void>;

  /** Resolves when the record was settled or deleted, or when the signal aborts. May resolve early. */
  watch?(id: string, signal: AbortSignal): Promise<void>;

  /** Answers without a promise, where nothing has to be waited for. */
  readonly atOnce?: AtOnce | undefined;

  /** Ends timers and subscriptions of the store's own. Never closes the user's client. */
  close?(): Promise<void>;
}
