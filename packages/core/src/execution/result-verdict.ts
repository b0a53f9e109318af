import { IdempotencyError } from '../errors.ts';
import { kinds } from '../node-modules.ts';
import { invalidOption, shown } from '../options/option-checks.ts';
import type { ResultVerdict } from '../options/options.ts';
import type { Policy } from '../options/policy.ts';

/** What is to become of a record whose function answered. */
export interface JudgedResult {
  readonly is: ResultVerdict;
  /** What the caller is told instead of the result, which is recorded: the work may be done. */
  readonly fault?: unknown;
}

/** The verdict on nearly every result. */
export const recorded: JudgedResult = { is: 'record' };

export function judgeResult(
  verdict: Policy['verdict'],
  value: unknown,
  recordId: string,
): JudgedResult {
  if (verdict === undefined) return recorded;
  try {
    const is: unknown = verdict(value);
    if (is === 'record') return recorded;
    if (is === 'release' || is === 'unknown') return { is };
    if (kinds.isPromise(is)) is.catch(() => {});
    const fault = invalidOption(
      `verdict answered ${shown(is)} for ${recordId}, so its result was recorded; answer synchronously, 'record', 'release' or 'unknown'`,
    );
    return { is: 'record', fault: Object.assign(fault, { recordId }) };
  } catch (fault) {
    return { is: 'record', fault };
  }
}

/** What operators see of an attempt whose result was not to be recorded. */
export function notRecorded(
  is: Exclude<ResultVerdict, 'record'>,
  recordId: string,
): IdempotencyError {
  const message =
    is === 'release'
      ? 'option verdict released the result, so the next call executes again'
      : 'option verdict found in the result that nobody knows whether the effect happened';
  return new IdempotencyError('RESULT_OMITTED', message, { recordId });
}
