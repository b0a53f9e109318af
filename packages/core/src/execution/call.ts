import { isIdempotencyError } from '../errors.ts';
import type { CallInfo, CallOutcome, Instrumentation } from '../instrumentation.ts';
import type { Adopted, AdoptionCall } from '../options/adoption.ts';
import type { Policy } from '../options/policy.ts';
import type { Claim, StoredRecord } from '../store.ts';
import type { KeptReplay } from './kept-replay.ts';
import type { KeptResult } from './kept-result.ts';
import type { Patience } from './patience.ts';
import type { RequestDetails } from './request.ts';

/** What another library is told of a call beside its arguments. */
export type AdoptionAsked = Omit<AdoptionCall<readonly unknown[]>, 'args'>;

/** One call with an idempotency key. All of it is settled before the function runs. */
export interface Call {
  readonly info: CallInfo;
  readonly policy: Policy;
  /** The record id. */
  readonly id: string;
  readonly fingerprint: string | undefined;
  /** Of a workflow and its steps. */
  readonly inputDigest: string | undefined;
  /** Made when it is first asked for: a replay may do without. */
  readonly claim: Claim;
  /** Aborts when the caller does not wait any more. */
  readonly signal: AbortSignal | undefined;
  /** Looks for the work in records that another library keeps. */
  readonly adopt: ((asked: AdoptionAsked) => Promise<Adopted>) | undefined;
  readonly instrumentation: Instrumentation | undefined;
  /** How it asks the store. */
  readonly details: RequestDetails;
  /** The outcome that this call has recorded, before it was sealed: for those who share its answer. */
  recorded?: Uint8Array | undefined;
  /** Whoever is answered changes nothing of the answer, so that others may get the same one. */
  readonly onlyReads?: boolean | undefined;
  /** How its key was answered before, in this process. */
  readonly kept?: KeptReplay | undefined;
  /** The key has come again, and may come once more. */
  remember?(): void;
  /** The same, for a record of this process and the value that it has answered with. */
  keep?(record: StoredRecord, value: unknown): void;
  /** What its key was answered with before, by a store that has to be waited for. */
  readonly keptResult?: KeptResult | undefined;
  /** The same of the result that was read from these bytes. */
  keepResult?(outcome: Uint8Array, value: unknown): void;
  /** How long it waits, once it has begun to. */
  patience?: Patience | undefined;
}

/** How a call was answered. The record is absent only if the call ran without idempotency. */
export interface Answer<T> {
  readonly value: T;
  readonly outcome: 'executed' | 'replayed';
  readonly record: StoredRecord | undefined;
}

/** What the caller is told of it. */
export type Tell<T, Told> = (answer: Answer<T>) => Told;

export const asItIs = <T>(answer: Answer<T>): Answer<T> => answer;
export const itsValue = <T>({ value }: Answer<T>): T => value;

/** `ended` for what asking a store threw. */
export function unanswered<E>(info: CallInfo, error: E): E {
  return ended(
    info,
    isIdempotencyError(error, 'STORE_UNAVAILABLE') ? 'store_error' : 'failed',
    error,
  );
}

/** Notes how a call ended, and answers the error to throw. */
export function ended<E>(info: CallInfo, outcome: CallOutcome, error: E): E {
  info.outcome = outcome;
  info.error = error;
  return error;
}
