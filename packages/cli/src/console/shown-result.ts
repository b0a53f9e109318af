import { inspect } from 'node:util';
import type { ShownResult } from '@twiceproof/console/wire';
import { isIdempotencyError, type Records } from '@twiceproof/core';

const longestText = 262_144;
// More would not be shown anyway, and takes memory and time.
const limits = {
  depth: 64,
  maxArrayLength: 10_000,
  maxStringLength: longestText,
  breakLength: 80,
} as const;

/** What a replay of the record would answer, as text. */
export async function shownResult(records: Records, id: string): Promise<ShownResult> {
  try {
    return { kind: 'value', ...cut(inspect(await records.result(id), limits)) };
  } catch (error) {
    if (isIdempotencyError(error, 'RESULT_OMITTED')) {
      return { kind: 'omitted', text: error.message.replace(/^[A-Z_]+: /, '') };
    }
    // The recorded error itself is thrown, as at a replay; ours say that it could not be had.
    if (isIdempotencyError(error)) throw error;
    return { kind: 'error', ...cut(errorText(error)) };
  }
}

/** An error without its stack, which is of the machine that recorded or revived it. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error, limits);
  const { name, message, cause } = error;
  const { stack: _stack, ...own } = { ...error } as Record<string, unknown>;
  const lines = [`${name}: ${message}`];
  if (Object.keys(own).length > 0) lines.push(inspect(own, limits));
  if (cause !== undefined) lines.push(`because of ${errorText(cause)}`);
  return lines.join('\n');
}

function cut(text: string): { readonly text: string; readonly cutFrom?: number } {
  return text.length <= longestText
    ? { text }
    : { text: text.slice(0, longestText), cutFrom: text.length };
}
