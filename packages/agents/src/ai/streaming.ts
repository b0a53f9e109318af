import type { IdempotencyError } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';

/** Refuses an `execute` that is known to stream before it is called. */
export function refuseGenerator(operation: string, execute: unknown): void {
  if (Object.prototype.toString.call(execute) === '[object AsyncGeneratorFunction]') {
    throw streams(operation);
  }
}

/** What `execute` gave, unless it is a stream: that has no result which could be recorded. */
export function single<Value>(
  operation: string,
  given: Value,
): Exclude<Value, AsyncIterable<unknown>> {
  const isIterable = typeof given === 'object' && given !== null && Symbol.asyncIterator in given;
  if (isIterable) throw streams(operation);
  return given as Exclude<Value, AsyncIterable<unknown>>;
}

function streams(operation: string): IdempotencyError<'OPTIONS_INVALID'> {
  return invalidOption(
    `tool '${operation}' streams its output, which cannot be recorded as one result; let execute give a promise, and report progress in another way`,
  );
}
