import type { Verdict } from './verdict.ts';

/** What is thrown to a client that looks into errors: the verdict's error, whatever a handler threw. */
export function thrownError({ error, outcome }: Verdict): unknown {
  return error ?? new Error(`the handler threw ${String(error)} (${outcome})`);
}

/** What is thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
