import { IdempotencyError } from '../errors.ts';
import { kinds } from '../node-modules.ts';
import type { Policy } from '../options/policy.ts';
import { processState } from '../process-state.ts';
import { isAccounted } from '../unknown/accounted-errors.ts';
import { declaredUnknown } from '../unknown/outcome-unknown.ts';
import { errorParts } from '../values/error-parts.ts';
import type { Attempt } from './attempt.ts';
import { isLazyRefusal } from './lazy-result.ts';
import { isPassingRefusal } from './passing-refusal.ts';

/** What becomes of a record whose function threw. `error` is what operators see. */
export type FailureVerdict =
  | { readonly is: 'release' | 'record' | 'unknown'; readonly error: unknown }
  | { readonly is: 'promised'; readonly error: unknown };

/** What was declared counts for more than what the option makes of the error. */
export function verdictOn(
  failure: Policy['failure'],
  error: unknown,
  execution: Attempt,
): FailureVerdict {
  const isOpen = (part: unknown): boolean => !isAccounted(part, execution);
  const unknown = execution.declared ?? declaredUnknown(error, isOpen);
  if (unknown) return { is: 'unknown', error: unknown.cause };
  if (isPassingRefusal(error) || isLazyRefusal(error)) return { is: 'release', error };
  // What nobody knows yet must not become an outcome for good.
  if (!errorParts(error).every(isOpen)) return { is: 'release', error };
  if (typeof failure !== 'function') return { is: failure, error };
  try {
    const verdict: unknown = processState.executions.run(execution, () => failure(error));
    if (!kinds.isPromise(verdict)) {
      return { is: verdict === 'record' || verdict === 'unknown' ? verdict : 'release', error };
    }
    verdict.catch(() => {});
    return { is: 'promised', error };
  } catch {
    return { is: 'release', error };
  }
}

export function answeredLater(recordId: string, cause: unknown): IdempotencyError {
  const message = `failure gave a promise for ${recordId}, so the attempt was released; answer synchronously, 'release', 'record' or 'unknown'`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId, cause });
}
