import type { Verdict } from './verdict.ts';

/** What is thrown to a client that looks into errors: the verdict's error, whatever a handler threw. */
export function thrownError(verdict: Verdict): unknown {
  if (!('error' in verdict)) {
    return new Error(`the result was not recorded (${verdict.outcome}): option verdict said so`);
  }
  return verdict.error ?? new Error(`the handler threw ${String(verdict.error)}`);
}

/** What is thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
