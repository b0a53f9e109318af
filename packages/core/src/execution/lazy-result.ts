import { IdempotencyError } from '../errors.ts';
import { kinds } from '../node-modules.ts';

const refusals = new WeakSet<object>();

/** Whether this is the refusal of a result that has not done its work: nothing has happened. */
export function isLazyRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && refusals.has(error);
}

/** Throws for a result whose work begins only when somebody reads it, such as a generator. */
export function refuseLazy(value: unknown, operation: string, recordId: string | undefined): void {
  if (!isLazy(value)) return;
  const message = `'${operation}' answered a generator or an async iterator, which has done nothing yet, so its key is free again; let the function read it to its end and return what it gives`;
  const error = new IdempotencyError('RESULT_UNSERIALIZABLE', message, { recordId, path: '' });
  refusals.add(error);
  throw error;
}

function isLazy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const { next } = value as { next?: unknown };
    if (typeof next !== 'function') return false;
    if (kinds.isGeneratorObject(value) || Symbol.asyncIterator in value) return true;
    // What compilers for old targets make of a generator; the iterators of lists and Maps have no `throw`.
    return Symbol.iterator in value && 'return' in value && 'throw' in value;
  } catch {
    // One that cannot even be looked at is for the codec to refuse.
    return false;
  }
}
