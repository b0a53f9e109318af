import type { Clock } from '../clock.ts';
import { IdempotencyError } from '../errors.ts';
import { within } from '../within.ts';

/** A function that did not end in time. It may still run, and answer. */
export class Overdue {
  readonly error: IdempotencyError;
  readonly running: Promise<unknown>;

  constructor(recordId: string, maxDurationMs: number, running: Promise<unknown>) {
    const message = `${recordId} did not end within its maxDuration of ${maxDurationMs} ms, and nobody knows whether its effect happened; abandoned decides at the next call`;
    this.error = new IdempotencyError('TIMED_OUT', message, { recordId });
    this.running = running;
  }
}

/** What the function answers, or that it is overdue. */
export function withinDuration<T>(
  clock: Clock,
  recordId: string,
  maxDurationMs: number,
  running: Promise<T>,
): Promise<T> {
  const giveUp = (): never => {
    throw new Overdue(recordId, maxDurationMs, running);
  };
  return within(running, maxDurationMs, giveUp, clock);
}
