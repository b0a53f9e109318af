import type { Answer, Tell } from './execution/call.ts';
import type { CallInfo, CallOutcome } from './instrumentation.ts';
import { type IdempotencyRecord, publicRecord } from './records/record.ts';

/** What came of a call, told without throwing: for those who decide something by it, e.g. what a
 * broker gets to hear. */
export interface Settled<Value> {
  /** As telemetry counts it. */
  readonly outcome: CallOutcome;
  /** What the call would have resolved to; undefined if it would have rejected. */
  readonly value?: Value | undefined;
  /** What the call would have rejected with. Only there if it would have: `'error' in settled`. */
  readonly error?: unknown;
  /** Whether the function was started by this call. */
  readonly started: boolean;
  /** Whether the function's error is recorded, so that a later call replays it. */
  readonly recorded: boolean;
  /** The record as this call last saw it: its own, or the one that answered or refused it. */
  readonly record?: IdempotencyRecord | undefined;
}

/** Answers a call with what came of it, without a promise where that is at hand. `answer` is given the function
 * to run in place of `fn`. */
export function settle<T>(
  info: CallInfo,
  fn: () => T | Promise<T>,
  signal: AbortSignal | undefined,
  answer: (fn: () => T | Promise<T>, tell: Tell<T, Settled<T>>) => Settled<T> | Promise<Settled<T>>,
): Settled<T> | Promise<Settled<T>> {
  let started = false;
  const answered = ({ value }: Answer<T>): Settled<T> => ({
    outcome: info.outcome ?? 'executed',
    value,
    ...ended(info, started),
  });
  const refused = (error: unknown): Settled<T> => {
    // A caller that does not wait any more leaves the execution under way.
    const unended = started && signal?.aborted ? 'in_progress' : 'failed';
    return { outcome: info.outcome ?? unended, error, ...ended(info, started) };
  };
  try {
    const answering = answer(() => {
      started = true;
      return fn();
    }, answered);
    return answering instanceof Promise ? answering.catch(refused) : answering;
  } catch (error) {
    return refused(error);
  }
}

function ended(info: CallInfo, started: boolean): Omit<Settled<never>, 'outcome'> {
  return {
    started,
    recorded: isRecorded(info, started),
    record: info.record && publicRecord(info.record),
  };
}

/** What a call that could not even be made would have rejected with. */
export function unmade(error: unknown): Settled<never> {
  return { outcome: 'failed', error, started: false, recorded: false };
}

function isRecorded({ outcome, record }: CallInfo, started: boolean): boolean {
  if (outcome === 'replayed_error') return true;
  return outcome === 'failed' && started && record?.status === 'completed';
}
