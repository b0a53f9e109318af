import { isIdempotencyError, type KeyValue } from '@twiceproof/core';
import { jmespath } from '@twiceproof/jmespath';
import { DemoError } from './demo-error.ts';

/** The order id, from the key of the S3 object that the notification in an SQS message is about. */
export const defaultKey =
  "json(body).Records[0].s3.object.key | split(replace(@, '.json', ''), '/')[1]";

/** Finds the order id in the text of a delivery. */
export type KeySelector = (text: string) => KeyValue;

/** The selector that a `--key` expression stands for: a dotted path, or else JMESPath. */
export function keySelector(expression: string): KeySelector {
  const path = isDottedPath(expression) ? pathExpression(expression) : expression;
  try {
    jmespath(path);
  } catch (cause) {
    if (!isIdempotencyError(cause, 'OPTIONS_INVALID')) throw cause;
    const message = cause.message.slice(cause.message.indexOf(': ') + 2);
    throw new DemoError(`--key: ${message}`, { cause, exitCode: 2 });
  }
  // Parsed by json() and not by JSON.parse: order 9007199254740993 is not order 9007199254740992.
  return jmespath(`json(@) | (${path})`);
}

// Hyphens and digits are at home in field names, but not in JMESPath: order-id would be a subtraction.
function isDottedPath(expression: string): boolean {
  return /^[\w-]+(\.[\w-]+)*$/.test(expression);
}

function pathExpression(path: string): string {
  return path
    .split('.')
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `"${name}"`))
    .join('.')
    .replaceAll('.[', '[');
}
