import { IdempotencyError } from '@twiceproof/core';
import { lambdaName as ownLambda } from './lambda-name.ts';
import type { Language } from './old-hash.ts';

/** Which function wrote the records. */
export interface OldFunction {
  readonly language: Language;
  /** The Lambda's name. Default: `AWS_LAMBDA_FUNCTION_NAME`, and what Powertools takes where that is
   * not set. */
  readonly lambda?: string | undefined;
  /** Of Python: the module and the qualified name of the function, e.g. `app.charge`. Needed unless
   * there is a `keyPrefix`. */
  readonly function?: string | undefined;
  /** What Powertools was given as its key prefix. */
  readonly keyPrefix?: string | undefined;
}

/** What stands before the `#` of an old id. */
export function oldPrefix({ language, lambda, function: name, keyPrefix }: OldFunction): string {
  if (keyPrefix !== undefined && keyPrefix.trim() !== '') {
    return language === 'typescript' ? keyPrefix.trim() : keyPrefix;
  }
  const lambdaName = lambda ?? ownLambda();
  if (language === 'typescript') return lambdaName?.trim() ?? '';
  if (name === undefined || name.trim() === '') {
    throw new IdempotencyError(
      'OPTIONS_INVALID',
      "powertools: function is missing; give the module and the qualified name that Python's ids have, e.g. 'app.charge', or a keyPrefix",
    );
  }
  return `${lambdaName ?? 'test-func'}.${name}`;
}
