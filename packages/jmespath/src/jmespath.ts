import type { JSONValue } from '@jmespath-community/jmespath';
import { IdempotencyError } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import { UnusableInput } from './body-functions.ts';
import { parseExpression } from './expression.ts';
import { interpreter } from './interpreter.ts';

/** What an expression may find; null when it finds nothing. */
export type Selected = string | number | bigint | boolean | object | null;

/** A function of a wrapped function's arguments, for its options `key`, `fingerprint` and `input`. */
export type Selector = (...args: readonly unknown[]) => Selected;

export interface JmespathOptions {
  /** Which argument the expression looks into, counted from 0; `'all'` for the list of all. Default 0. */
  readonly argument?: number | 'all' | undefined;
}

/**
 * A selector that finds the key, the fingerprint or the input of a call with a JMESPath expression.
 *
 * Beside the functions of JMESPath there are `json`, `base64`, `base64_json` and `gzip_base64_json`
 * for bodies that are text. Throws `OPTIONS_INVALID` at once when the expression is wrong. What is
 * not there, and an empty list, is null, which a key refuses as `KEY_MISSING`. A call whose input
 * the expression cannot be applied to throws `KEY_UNSUPPORTED` with the expression as its `path`.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { jmespath } from '@twiceproof/jmespath';
 * import { memoryStore } from '@twiceproof/memory';
 *
 * const idempotency = createIdempotency({ environment: 'dev', store: memoryStore() });
 * export const handle = idempotency.wrap(
 *   async (event: { body: string }) => event.body.length,
 *   { operation: 'handle-order', key: jmespath('json(body).[tenant, order.id]') },
 * );
 * ```
 */
export function jmespath(expression: string, options: JmespathOptions = {}): Selector {
  const parsed = parseExpression(expression);
  const argument = argumentOf(options);
  return (...args) => {
    const input = argument === 'all' ? args : args[argument];
    try {
      return selected(interpreter.search(parsed, input as JSONValue));
    } catch (error) {
      throw unusable(expression, error);
    }
  };
}

function argumentOf(options: JmespathOptions): number | 'all' {
  const unknown = Object.keys(options).find((name) => name !== 'argument');
  if (unknown !== undefined) {
    throw invalidOption(`jmespath() has no option '${unknown}'; it has argument`);
  }
  const { argument = 0 } = options;
  if (argument === 'all' || (Number.isSafeInteger(argument) && argument >= 0)) return argument;
  throw invalidOption(
    "argument of jmespath() must be the position of an argument, counted from 0, or 'all'",
  );
}

function selected(found: unknown): Selected {
  if (typeof found === 'function' || typeof found === 'symbol') {
    throw new UnusableInput(`a ${typeof found}`);
  }
  // A projection that found nothing is an empty list: as a key, it would be that of many calls.
  return found === undefined || (Array.isArray(found) && found.length === 0)
    ? null
    : (found as Selected);
}

function unusable(expression: string, error: unknown): IdempotencyError<'KEY_UNSUPPORTED'> {
  const path = expression;
  if (error instanceof UnusableInput) {
    const message = ` at ${path}: it finds ${error.message}; send another, or choose another expression`;
    return new IdempotencyError('KEY_UNSUPPORTED', message, { path });
  }
  const message = ` at ${path}: it cannot be applied to this input; see the cause`;
  return new IdempotencyError('KEY_UNSUPPORTED', message, { path, cause: error });
}
