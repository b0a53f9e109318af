import { setTimeout as pauseFor } from 'node:timers/promises';
import { type Duration, durationMs } from '@twiceproof/core';
import { checkCount } from '@twiceproof/core/toolkit';
import { integer } from './row.ts';
import { sweep } from './sql/sweep.ts';
import type { StoreContext } from './store-context.ts';

export interface SweepOptions {
  /** Most records that one statement looks at. 1,000 unless given. */
  readonly batch?: number | undefined;
  /** Pause between two statements. None unless given. */
  readonly pause?: Duration | undefined;
  /** Told after each statement how many records were deleted so far. */
  readonly onProgress?: ((deleted: number) => void) | undefined;
  /** Ends the sweep after the statement that is under way. */
  readonly signal?: AbortSignal | undefined;
}

export interface SweepResult {
  /** How many expired records were deleted. */
  readonly deleted: number;
  /** True where the store was made with `retirement: 'paused'`: nothing was deleted. */
  readonly paused: boolean;
}

const largestBatch = 100_000;

/** Deletes, batch by batch, what had expired when its turn came. */
export async function sweepRecords(
  { requests, names, paused }: StoreContext,
  { batch = 1_000, pause, onProgress, signal }: SweepOptions,
): Promise<SweepResult> {
  checkCount(batch, 'batch', largestBatch);
  const pauseMs = pause === undefined ? 0 : durationMs(pause, 'pause');
  let deleted = 0;
  if (paused) return { deleted, paused };
  const text = sweep(names);
  while (!signal?.aborted) {
    const row = (await requests.one(text, [batch]))!;
    deleted += integer(row, 'deleted');
    onProgress?.(deleted);
    if (integer(row, 'due') < batch) break;
    // An abort ends the pause, and with it the loop.
    if (pauseMs > 0) await pauseFor(pauseMs, undefined, { signal }).catch(() => {});
  }
  return { deleted, paused };
}
