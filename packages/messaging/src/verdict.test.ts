import { IdempotencyError } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { verdictOf } from './verdict.ts';

test.each([
  [1, 100],
  [99, 100],
  [1_500, 1_500],
  [30_000, 30_000],
  [600_000, 30_000],
])('work in progress that asks for %i ms is asked for again in %i', (retryAfterMs, afterMs) => {
  const error = new IdempotencyError('IN_PROGRESS', 'elsewhere', { retryAfterMs });
  const settled = { outcome: 'in_progress', error, started: false, recorded: false } as const;
  expect(verdictOf(settled, { held: 'retry', recorded: 'reject' })).toEqual({
    do: 'retry',
    afterMs,
    outcome: 'in_progress',
    error,
  });
});
