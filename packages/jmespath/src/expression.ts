import { compile, tokenize } from '@jmespath-community/jmespath';
import { IdempotencyError } from '@twiceproof/core';
import { type Expression, type Fault, faultOf } from './expression-faults.ts';
import { isCut, openQuote, syntaxPosition } from './syntax-position.ts';

/** Far longer than anybody writes, and short enough for the search for a fault in it. */
const longestExpression = 4_096;

/** The parsed expression. Throws `OPTIONS_INVALID` naming the expression and the position of its fault. */
export function parseExpression(text: string): Expression {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new IdempotencyError(
      'OPTIONS_INVALID',
      "jmespath takes an expression such as 'detail.orderId'; give non-empty text",
    );
  }
  if (text.length > longestExpression) {
    throw new IdempotencyError(
      'OPTIONS_INVALID',
      `the JMESPath expression has ${text.length} characters; give at most ${longestExpression}`,
    );
  }
  const quote = openQuote(text);
  if (quote !== undefined) throw invalid(text, quote, `${text[quote]} is never closed`);
  let expression: Expression;
  try {
    expression = compile(text);
  } catch (error) {
    if (isCut(error)) throw invalid(text, text.length, 'it ends too early', error);
    throw invalid(text, syntaxPosition(text), reasonOf(error), error);
  }
  const fault = faultOf(expression);
  if (fault) throw invalid(text, positionOf(fault, text), fault.reason);
  return expression;
}

function positionOf({ isAt }: Fault, text: string): number {
  const tokens = tokenize(text);
  const found = tokens.find((token, index) => isAt(token, tokens[index - 1], tokens[index + 1]));
  return found?.start ?? 0;
}

function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^syntax(?: error)?[:,] /i, '');
}

function invalid(text: string, position: number, reason: string, cause?: unknown) {
  return new IdempotencyError(
    'OPTIONS_INVALID',
    `the JMESPath expression '${text}' is wrong at position ${position + 1}: ${reason}`,
    cause === undefined ? {} : { cause },
  );
}
