import { search } from '@aws-lambda-powertools/jmespath';
import { PowertoolsFunctions } from '@aws-lambda-powertools/jmespath/functions';
import { IdempotencyError } from '@twiceproof/core';

type SearchOptions = NonNullable<Parameters<typeof search>[2]>;
type Json = Parameters<typeof search>[1];

/** Functions of one's own in expressions, as Powertools takes them. */
export type JmesPathFunctions = NonNullable<SearchOptions['customFunctions']>;

/** What Powertools' own JMESPath finds, so that a key is made of the very same. */
export function select(expression: string, data: unknown, functions?: JmesPathFunctions): unknown {
  try {
    const customFunctions = functions ?? new PowertoolsFunctions();
    return search(expression, data as Json, { customFunctions });
  } catch (cause) {
    const message = ` at ${expression}: it is wrong, or cannot be applied to this input; see the cause`;
    throw new IdempotencyError('KEY_UNSUPPORTED', message, { path: expression, cause });
  }
}
