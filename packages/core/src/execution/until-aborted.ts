/**
 * What `begin` answers; it throws the signal's reason as soon as that aborts. What has begun goes on by itself.
 *
 * @example
 * ```ts
 * import { untilAborted } from '@twiceproof/core/toolkit';
 *
 * export const ask = (signal: AbortSignal | undefined, send: () => Promise<string>): Promise<string> =>
 *   untilAborted(signal, send);
 * ```
 */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  begin: () => T | Promise<T>,
): Promise<T> {
  if (signal === undefined) return begin();
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([begin(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
