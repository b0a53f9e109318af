import type { StoredRecord } from './store.ts';

/** How a call ended, as telemetry counts it. */
export type CallOutcome =
  | 'executed'
  | 'replayed'
  | 'replayed_error'
  | 'failed'
  | 'in_progress'
  | 'mismatch'
  | 'held'
  | 'lease_lost'
  | 'store_error'
  | 'bypassed'
  | 'unknown'
  | 'timed_out'
  | 'shadowed';

/** What a span may carry beside what Twiceproof itself says of a call. */
export type CallAttributes = Readonly<Record<string, string | number | boolean>>;

/** One call, as instrumentation sees it. Core fills in what it learns while the call goes on. */
export interface CallInfo {
  readonly operation: string;
  readonly environment: string;
  readonly storeName: string;
  readonly args: readonly unknown[];
  /** Given `args`, answers the attributes that the operation has for the call's span. */
  readonly attributes: ((...args: never) => CallAttributes) | undefined;
  run: number;
  scope: string | undefined;
  /** The record id; undefined as long as, or when, there is no key. */
  id: string | undefined;
  /** Readable key. Personal data may be in it: never recorded unless a team asks for it. */
  keyPreview: string | undefined;
  /** Of a step: the record id of its workflow. */
  readonly workflow: string | undefined;
  /** A workflow's record, or one of its steps', was replayed that is about another input. */
  inputChanged: boolean;
  outcome: CallOutcome | undefined;
  error: unknown;
  /** Set from the moment when this call's own claim was acknowledged. */
  attempt: number | undefined;
  fence: number | undefined;
  /** The record that answered the call: on a replay, its `traceparent` is the original execution's. */
  record: StoredRecord | undefined;
}

/** One request to a store. */
export interface StoreOperationInfo {
  readonly storeName: string;
  readonly operation: 'acquire' | 'renew' | 'complete' | 'release';
  readonly id: string;
  /** What the store answered, e.g. `acquired`, `existing`, `done`, `lost`; `error` for a fault. */
  outcome: string | undefined;
}

/** What an operator did to a record through the records API. */
export interface OperatorActionInfo {
  readonly action: 'release' | 'complete' | 'delete' | 'extend';
  readonly id: string;
  readonly done: boolean;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/** Something under way that is watched. Neither method may throw anything of its own. */
export interface Observation {
  /** Calls `work` as a part of what is watched, and answers what it answers. */
  within<T>(work: () => T): T;
  /** It is over; given what it threw, if it did. */
  end(failure: { readonly error: unknown } | undefined): void;
}

/**
 * The beginnings of what `execute`, `run` and `storeOperation` are around, for instrumentation that needs no
 * promise to be around something. Core takes them only as long as the instrumentation has those very methods, so
 * that whoever decorates one is not passed by. They answer undefined for what nobody watches, and must not throw.
 */
export interface InstrumentationHooks {
  readonly of: Pick<Instrumentation, 'execute' | 'run' | 'storeOperation'>;
  /** Where it answers undefined, nothing more is told of the call. */
  execute(call: CallInfo): Observation | undefined;
  run(call: CallInfo): Observation | undefined;
  storeOperation(info: StoreOperationInfo): Observation | undefined;
}

/**
 * What watches executions. The around-methods must call `next` exactly once and answer what it
 * answers; the notifications must not throw. Every member but `execute` may be left out.
 */
export interface Instrumentation {
  /** Around every call. */
  execute<T>(call: CallInfo, next: () => Promise<T>): Promise<T>;
  /** Around the user's function, only when it runs. */
  run?<T>(call: CallInfo, next: () => Promise<T>): Promise<T>;
  /** Around the time spent waiting for another executor's result. */
  wait?<T>(call: CallInfo, next: () => Promise<T>): Promise<T>;
  /** Around one request to the store. */
  storeOperation?<T>(info: StoreOperationInfo, next: () => Promise<T>): Promise<T>;
  /** W3C traceparent of the active span; kept in the record, so that a replay can point at it. */
  traceparent?(): string | undefined;
  leaseLost?(call: CallInfo): void;
  resultEncoded?(call: CallInfo, bytes: number): void;
  tierLookup?(storeName: string, hit: boolean): void;
  operatorAction?(info: OperatorActionInfo): void;
  /** The same as the around-methods, for less. */
  readonly hooks?: InstrumentationHooks | undefined;
}

/** The hooks, where they stand for the methods that the instrumentation has. */
export function hooksOf(instrumentation: Instrumentation): InstrumentationHooks | undefined {
  const { hooks } = instrumentation;
  return hooks !== undefined &&
    hooks.of.execute === instrumentation.execute &&
    hooks.of.run === instrumentation.run &&
    hooks.of.storeOperation === instrumentation.storeOperation
    ? hooks
    : undefined;
}

/** Tells that what was observed is over. What that throws must not change what has come of it: a function that
 * ended well would be run again. */
export function tellEnd(
  observation: Observation,
  failure: { readonly error: unknown } | undefined,
): void {
  try {
    observation.end(failure);
  } catch {
    // It was told, as below.
  }
}

/** Tells instrumentation something. What it throws must not change what becomes of a call. */
export function notify(tell: () => void): void {
  try {
    tell();
  } catch {
    // It was told. What it makes of that is its own affair.
  }
}

/** The active span, as it is kept in a record. One that cannot be told is no reason to leave the work undone. */
export function traceparentOf(instrumentation: Instrumentation | undefined): string | undefined {
  try {
    return instrumentation?.traceparent?.();
  } catch {
    return undefined;
  }
}
