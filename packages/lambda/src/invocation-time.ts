import { type Duration, durationMs, IdempotencyError } from '@twiceproof/core';
import type { InvocationOptions } from './options.ts';

/** As much of Lambda's context as tells how long an invocation may still take. */
export interface InvocationTime {
  getRemainingTimeInMillis?(): number;
}

export type Limits = Pick<
  InvocationOptions<readonly unknown[]>,
  'lease' | 'heartbeat' | 'maxDuration' | 'inProgress'
>;

/** The margin in milliseconds; throws `OPTIONS_INVALID` for what is none. */
export function marginMsOf(margin: Duration | 0 = '500ms'): number {
  return margin === 0 ? 0 : durationMs(margin, 'margin');
}

/**
 * What a call that begins now may take: an attempt that the invocation does not outlive is ended with
 * an unknown outcome while there is time to say so, and its lease ends with the invocation. Throws
 * `TIMED_OUT` if there is no time to begin.
 */
export function limitsOf(
  context: InvocationTime | undefined,
  { lease, maxDuration, inProgress }: Limits,
  marginMs: number,
): Limits {
  const leftMs = context?.getRemainingTimeInMillis?.();
  // Neither a test's context nor one without a limit says when the invocation ends.
  if (typeof leftMs !== 'number' || !Number.isFinite(leftMs)) return {};
  const workMs = Math.floor(leftMs - marginMs);
  if (workMs <= 0) throw tooLate(leftMs, marginMs);
  const waitMs = longestWait(inProgress, workMs);
  // A lease counts from the claim, which may come after the wait.
  const claimedMs = Math.floor(leftMs - waitMs);
  const runMs = workMs - waitMs;
  return {
    ...(waitMs > 0 && { inProgress: { wait: waitMs } }),
    ...(lease === undefined && { lease: claimedMs, heartbeat: false }),
    ...(maxDuration !== false && { maxDuration: shorter(maxDuration, runMs) }),
  };
}

/** Waiting for another executor takes half of the time at most: the other half is left for the work. */
function longestWait(inProgress: Limits['inProgress'], workMs: number): number {
  const half = Math.floor(workMs / 2);
  if (inProgress === 'wait') return half;
  if (typeof inProgress !== 'object') return 0;
  return Math.min(durationMs(inProgress.wait, 'inProgress.wait'), half);
}

function shorter(own: Duration | undefined, ms: number): number {
  return own === undefined ? ms : Math.min(durationMs(own, 'maxDuration'), ms);
}

function tooLate(leftMs: number, marginMs: number): IdempotencyError<'TIMED_OUT'> {
  return new IdempotencyError(
    'TIMED_OUT',
    `nothing was begun: ${Math.max(0, Math.floor(leftMs))} ms are left of the invocation, and ${marginMs} ms are kept to settle its records; give the function a longer timeout, or smaller batches`,
  );
}
