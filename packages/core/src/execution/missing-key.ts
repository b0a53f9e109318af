import { IdempotencyError } from '../errors.ts';

/** The refusal of a call whose key, chosen or the whole of its arguments, has a part that says nothing. */
export function missingKey(operation: string, path: string, isChosen: boolean): IdempotencyError {
  if (!isChosen) {
    const message = `'${operation}' was called without arguments and has no key, so all its calls would be one; give what tells them apart, e.g. a date: key: () => '2026-01-31', or a constant if there is only ever one on purpose`;
    return new IdempotencyError('KEY_MISSING', message, { path });
  }
  const where =
    path === '' ? `the key of '${operation}'` : `part ${path} of the key of '${operation}'`;
  const message = `${where} is null, undefined, blank or empty; pass it, or choose missingKey: 'execute' to run such calls without idempotency`;
  return new IdempotencyError('KEY_MISSING', message, { path });
}

export function missingScope(operation: string): IdempotencyError {
  const message = `the scope of '${operation}' is null, undefined or blank; every call needs one, or tenants would meet`;
  return new IdempotencyError('KEY_MISSING', message, { path: 'scope' });
}
