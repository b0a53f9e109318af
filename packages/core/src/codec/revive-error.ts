import { IdempotencyError, type IdempotencyErrorCode } from '../errors.ts';
import { Malformed } from './corrupt.ts';
import { newBuiltinError } from './error-classes.ts';

/** The error that a body stands for, its tags revived already. Throws {@link Malformed}. */
export function reviveError(body: unknown): Error {
  const { class: className, message, name, code, cause, errors, props } = fields(body);
  if (typeof className !== 'string' || !isTextOrAbsent(message) || !isTextOrAbsent(name)) {
    throw malformed();
  }
  const error = newError(className, message);
  if (name !== undefined) define(error, 'name', name, false);
  if (code !== undefined) define(error, 'code', reviveSlot(code), false);
  if (cause !== undefined) define(error, 'cause', reviveSlot(cause), false);
  if (errors !== undefined) define(error, 'errors', list(errors).map(reviveSlot), false);
  const entries = props === undefined ? [] : list(props);
  for (let index = 0; index < entries.length; index += 2) {
    const key = entries[index];
    const value = reviveSlot(entries[index + 1]);
    if (typeof key !== 'string' || (key === 'name' && typeof value !== 'string')) throw malformed();
    define(error, key, value, true);
  }
  return error;
}

function newError(className: string, message: string | undefined): Error {
  const error =
    className === 'IdempotencyError'
      ? new IdempotencyError('' as IdempotencyErrorCode, '')
      : newBuiltinError(className, message);
  if (error === undefined) throw malformed();
  if (className === 'IdempotencyError') define(error, 'message', message ?? '', false);
  return error;
}

function reviveSlot(slot: unknown): unknown {
  const record = fields(slot);
  if ('error' in record) {
    const error = reviveError(record.error);
    // Where it was made is not recorded, and where it was read is of no use in a cause.
    define(error, 'stack', Error.prototype.toString.call(error), false);
    return error;
  }
  if ('value' in record) return record.value;
  throw malformed();
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

function fields(value: unknown): Record<string, unknown> {
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.getPrototypeOf(value) !== Object.prototype
  ) {
    throw malformed();
  }
  return value as Record<string, unknown>;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed();
  return value;
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function malformed(): Malformed {
  return new Malformed('it holds an error in a form that Twiceproof does not write');
}
