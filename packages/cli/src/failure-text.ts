import { type IdempotencyErrorCode, isIdempotencyError } from '@twiceproof/core';
import { type ExitCode, exitCodes, Failure } from './failure.ts';
import { oneLine } from './output/visible-text.ts';

const codes: Readonly<Partial<Record<IdempotencyErrorCode, ExitCode>>> = {
  STORE_UNAVAILABLE: exitCodes.store,
  OPTIONS_INVALID: exitCodes.usage,
  KEY_MISSING: exitCodes.usage,
  KEY_UNSUPPORTED: exitCodes.usage,
};

/** What to say about whatever ended a command: one line. `label` is the store that it was about. */
export function failureOf(error: unknown, label: string | undefined): Failure {
  const { exitCode, message, details } = judged(error, label);
  return new Failure(exitCode, oneLine(message), {
    cause: error,
    ...(details !== undefined && { details }),
  });
}

function judged(error: unknown, label: string | undefined): Failure {
  if (error instanceof Failure) return error;
  const about = label === undefined ? '' : `${label}: `;
  if (isTableMissing(error)) {
    const message = `${about}its table is not there; create it with twiceproof setup, or correct the name of the table`;
    return new Failure(exitCodes.store, message);
  }
  if (isIdempotencyError(error)) {
    const text = error.message.replace(/^[A-Z_]+: /, '');
    if (error.code !== 'STORE_UNAVAILABLE') {
      return new Failure(codes[error.code] ?? exitCodes.refused, text);
    }
    return new Failure(exitCodes.store, about + (faultOf(text, error.cause) ?? text));
  }
  const text = error instanceof Error ? error.message || error.name : String(error);
  return new Failure(exitCodes.fault, `${about}${text}; run it again with --debug to see where`);
}

/** The fault alone, where the message is but a frame around it. */
function faultOf(text: string, cause: unknown): string | undefined {
  if (!/^store '.*' could not /.test(text) || !(cause instanceof Error)) return undefined;
  return cause.message || (cause as NodeJS.ErrnoException).code;
}

const missing: ReadonlySet<unknown> = new Set([
  '42P01',
  '3F000',
  'ER_NO_SUCH_TABLE',
  'ResourceNotFoundException',
]);

function isTableMissing(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (missing.has((each as NodeJS.ErrnoException).code) || missing.has(each.name)) return true;
  }
  return false;
}
