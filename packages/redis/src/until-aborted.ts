/** Waits for an answer until the signal aborts. */
export async function untilAborted<Answer>(
  signal: AbortSignal | undefined,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (signal === undefined) return send();
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([send(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
