import { IdempotencyError } from '../errors.ts';
import { type Call, ended } from './call.ts';

/** The refusal of a call whose record somebody else is executing. */
export function refuseInProgress(call: Call, afterMs: number): IdempotencyError {
  const { id, info } = call;
  const message = `${id} is being executed; call again in ${afterMs} ms, or wait for its result with inProgress: 'wait'`;
  return ended(
    info,
    'in_progress',
    new IdempotencyError('IN_PROGRESS', message, { recordId: id, retryAfterMs: afterMs }),
  );
}
