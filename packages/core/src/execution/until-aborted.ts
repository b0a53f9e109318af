/** What `begin` answers, or the signal's reason as soon as it aborts. What has begun goes on by itself. */
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
