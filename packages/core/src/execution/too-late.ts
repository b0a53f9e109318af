import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import { closedError } from './lifecycle.ts';

/** Why nothing of this call is started any more: its caller has left, or the time of the process is over. */
export function whyTooLate(
  { id, signal }: Call,
  { lifecycle }: Deployment,
): { readonly error: unknown } | undefined {
  if (signal?.aborted) return { error: signal.reason };
  if (!lifecycle.isOver) return undefined;
  return { error: closedError(`${id} was called too late to be executed`, id) };
}
