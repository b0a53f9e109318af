import type { Clock } from '../clock.ts';
import type { CompressionAlgorithm, CompressOptions } from '../codec/compress.ts';
import type { EncryptOptions } from '../codec/keyring.ts';
import type { TypeCodec } from '../codec/type-codec.ts';
import type { Duration } from '../duration.ts';
import type { CallAttributes, Instrumentation } from '../instrumentation.ts';
import type { Store } from '../store.ts';
import type { Adoption } from './adoption.ts';
import type { Offload } from './offload.ts';
import type { Probe } from './probe.ts';

/**
 * What may identify a piece of work: strings, finite numbers, bigints, booleans, Dates, and nested
 * arrays and plain objects of them. Numbers beyond 2^53 - 1 are refused: they may have been rounded.
 * Null, undefined, blank text and what is empty count as a missing key, also as a part of one.
 */
export type KeyValue = string | number | bigint | boolean | object | null | undefined;

/** How long settled records are kept; `false` keeps them until someone deletes them. */
export type Retention =
  | Duration
  | false
  | {
      /** For records completed with a result. */
      readonly completed?: Duration | false | undefined;
      /** For failed attempts, and for recorded errors. */
      readonly failed?: Duration | false | undefined;
    };

/** What becomes of a record whose function threw. */
type FailureVerdict = 'release' | 'record' | 'unknown';

/** What becomes of a record whose function answered. */
export type ResultVerdict = 'record' | 'release' | 'unknown';

/** Options of `wrap`, `execute`, `method` and `workflow`; each may also be a default of `createIdempotency`. */
export interface OperationOptions<
  Args extends readonly unknown[] = readonly unknown[],
  Value = AnyValue,
> {
  /** What identifies the work; called on the call's `this`, as the other functions of the arguments are.
   * Default: the whole argument list. */
  readonly key?: ((...args: Args) => KeyValue) | undefined;
  /** When the key or a part of it is null, undefined, blank or empty. `'execute'` runs without idempotency. Default `'reject'`. */
  readonly missingKey?: 'reject' | 'execute' | undefined;
  /** An intentional re-execution of the same key has a run above 0. Default 0. */
  readonly run?: number | ((...args: Args) => number) | undefined;
  /** Tenant or principal whose records never meet another's. Default none. */
  readonly scope?:
    | string
    | number
    | bigint
    | ((...args: Args) => string | number | bigint)
    | undefined;
  /** Part of the payload that must not change for the same key. Default none. */
  readonly fingerprint?: ((...args: Args) => KeyValue) | undefined;
  /** What operators may see of the input; `false` for nothing, not even the key. Default: the key. */
  readonly input?: false | ((...args: Args) => unknown) | undefined;
  /** Attributes for the call's span, e.g. `http.route`. Asked only where the span is recorded. Default none. */
  readonly attributes?: ((...args: Args) => CallAttributes) | undefined;
  /** Default `'24h'`. */
  readonly retention?: Retention | undefined;
  /** `'paused'` goes on replaying completed records that are past their retention and still there. Default `'on'`. */
  readonly retirement?: 'on' | 'paused' | undefined;
  /** How long one executor owns the record before another may take it over. Default `'30s'`. */
  readonly lease?: Duration | undefined;
  /** `false`: the lease is not renewed while the function runs. Default `true`. */
  readonly heartbeat?: boolean | undefined;
  /** When another executor holds the record. `'wait'` waits for as long as somebody executes. Default `'reject'`. */
  readonly inProgress?: 'reject' | 'wait' | { readonly wait: Duration } | undefined;
  /** When an attempt crashed: its lease is over and nobody settled it. Default `'reexecute'`. */
  readonly abandoned?: 'reexecute' | 'hold' | Probe | undefined;
  /** When the function throws. `'record'` rethrows on every replay. `'unknown'` says that nobody knows
   * whether the effect happened: the attempt ends as abandoned at once, and `abandoned` decides at the next
   * call. A function of the error answers one of them synchronously. Default `'release'`, and
   * `unknownIfAmbiguous` where `abandoned` is `'hold'` or a probe. */
  readonly failure?: FailureVerdict | ((error: unknown) => FailureVerdict) | undefined;
  /** When the function answers: a result may mean that nothing was done. `'release'` gives it to the caller,
   * and the next call executes again; `'unknown'` leaves the next call to `abandoned`. Answers
   * synchronously. Default `'record'`. */
  readonly verdict?: ((result: Value) => ResultVerdict) | undefined;
  /** How long the function may take. Then its signal aborts, the lease is not renewed, the call rejects with
   * `TIMED_OUT`, and `abandoned` decides at the next call. Default `false`: no limit. */
  readonly maxDuration?: Duration | false | undefined;
  /** When the store cannot be asked. `'execute'` runs without idempotency. Default `'reject'`. */
  readonly storeOutage?: 'reject' | 'execute' | undefined;
  /** `'omit'`: results are not kept, and a replay resolves to undefined; for what shall not or cannot be
   * recorded. Default `'keep'`. */
  readonly result?: 'keep' | 'omit' | undefined;
  /** Codecs for classes, in results and errors, beside those of the default. Give them to
   * `createIdempotency`, so that `records` knows them, too. Default none. */
  readonly types?: readonly TypeCodec[] | undefined;
  /** Most bytes of an encoded result. Default: what the store's record limit leaves. */
  readonly maxResultBytes?: number | undefined;
  /** What happens to a larger result: the record is completed without it, or the result goes to an
   * offload. Default `'omit'`. */
  readonly oversized?: 'omit' | Offload | undefined;
  /** Compresses results above a threshold; `true` with the best algorithm that this Node has: zstd
   * from 22.15 on, otherwise gzip. Every Node that reads the records must have it, too. Default off. */
  readonly compress?: boolean | CompressionAlgorithm | CompressOptions | undefined;
  /** Encrypts results and recorded errors with AES-256-GCM, and refuses those that are not encrypted;
   * what operators see of keys, inputs and error messages stays readable. Set it for
   * `createIdempotency`, so that it also holds for `records`. Default off. */
  readonly encrypt?: EncryptOptions | undefined;
  /** `false` runs the function without idempotency; so does `TWICEPROOF_DISABLED` (1, true, yes, on),
   * read at the call. `'shadow'` executes every call at once, and counts those that would have been
   * replayed or refused as `shadowed`. Default `true`. */
  readonly enabled?: boolean | 'shadow' | undefined;
  /** Looks for the work in records that another library keeps, whenever it is about to be executed.
   * Run 0 only. Default none. */
  readonly adopt?: Adoption<Args> | undefined;
}

/** Options of `wrap`, `method` and `workflow`. */
export interface WrapOptions<Args extends readonly unknown[], Value = AnyValue>
  extends OperationOptions<Args, Value> {
  /** The stable name of the function; part of the record id. */
  readonly operation: string;
}

/** Options of `execute`: everything that depends on the call is a value, or a function without
 * arguments that gives it. */
export interface ExecuteOptions<Value = AnyValue>
  extends Omit<OperationOptions<[], Value>, 'key' | 'fingerprint' | 'input'> {
  /** The stable name of the work; part of the record id. */
  readonly operation: string;
  /** What identifies the work. */
  readonly key: KeyValue | (() => KeyValue);
  /** Part of the payload that must not change for the same key. Default none. */
  readonly fingerprint?: KeyValue | (() => KeyValue);
  /** What operators may see of the input; `false` for nothing, not even the key. Default: the key. */
  readonly input?: unknown;
  /** Ends the caller's waiting with its reason, not the execution: what was started goes on and is
   * settled. Nothing is started once it has aborted. Wrapped functions take none: they wait to the end. */
  readonly signal?: AbortSignal | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a default may be written for the arguments a team's functions share
export type AnyArgs = any[];

// biome-ignore lint/suspicious/noExplicitAny: a default may be written for the results a team's functions share
type AnyValue = any;

/** Options of `createIdempotency`. */
export interface IdempotencyOptions extends Omit<OperationOptions<AnyArgs>, 'adopt'> {
  /** Which deployment the records belong to, e.g. `prod`; environments never meet. */
  readonly environment: string;
  readonly store: Store;
  readonly instrumentation?: Instrumentation | undefined;
  /** Longest time that one request to the store may take, retries included. Default `'5s'`. */
  readonly storeTimeout?: Duration | undefined;
  /** Turns record ids and fingerprints into HMACs, and the key preview off: for keys that are personal data. */
  readonly keySecret?: string | Uint8Array | undefined;
  /** Time and chance, for simulations. */
  readonly runtime?: Partial<Runtime> | undefined;
}

/** What core takes from the machine. */
export interface Runtime {
  readonly clock: Clock;
  /** A new unguessable token. */
  readonly token: () => string;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
}
