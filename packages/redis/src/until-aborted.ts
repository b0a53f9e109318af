import type { StoreOptions } from '@twiceproof/core';

/**
 * Waits for an answer until the signal aborts. A client without a connection queues commands and
 * tries for long; what was queued may still be executed later.
 *
 * Core makes its signal only if it is read, and gives up by itself on an answer that does not come:
 * as long as the client is connected, only a signal that is there already is listened to.
 */
export function untilAborted<Answer>(
  client: { readonly status: string },
  options: StoreOptions | undefined,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (options === undefined) return send();
  if (client.status === 'ready' && !Object.hasOwn(options, 'signal')) return send();
  const { signal } = options;
  return signal === undefined ? send() : orAborted(signal, send);
}

async function orAborted<Answer>(
  signal: AbortSignal,
  send: () => Promise<Answer>,
): Promise<Answer> {
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
