import { IdempotencyError } from '@twiceproof/core';

/** What a handler throws at BullMQ when it has moved its job itself: no failure, whatever `failure` says. */
const signals = ['DelayedError', 'WaitingError', 'WaitingChildrenError', 'RateLimitError'];
const rateLimitMessage = 'bullmq:rateLimitExceeded';

const thrown = new WeakMap<object, unknown>();

/** The handler, with such a throw made one that is never recorded. */
export function movable<Args extends readonly unknown[], Value>(
  handler: (...args: Args) => Value | Promise<Value>,
): (...args: Args) => Promise<Value> {
  return async (...args) => {
    try {
      return await handler(...args);
    } catch (error) {
      if (!(error instanceof Error) || !isSignal(error)) throw error;
      const moved = new IdempotencyError('IN_PROGRESS', 'the handler has moved its job itself', {
        cause: error,
      });
      thrown.set(moved, error);
      throw moved;
    }
  };
}

/** What the handler itself threw. */
export function originalError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  return thrown.get(error) ?? error;
}

function isSignal(error: Error): boolean {
  return signals.includes(error.name) || error.message === rateLimitMessage;
}
