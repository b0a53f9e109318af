import { type Call, ended } from './call.ts';
import type { Deployment } from './deployment.ts';
import type { Patience } from './patience.ts';

/** Waiting ends with the interest of the caller, and with the process. */
export async function whileWanted<T>(
  { lifecycle }: Deployment,
  { info, signal, instrumentation }: Call,
  patience: Patience,
  wait: () => Promise<T>,
): Promise<T> {
  const onAbort = (): void => patience.interrupt(signal!.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  lifecycle.add(patience);
  try {
    return await (instrumentation?.wait ? instrumentation.wait(info, wait) : wait());
  } catch (error) {
    throw info.outcome === undefined ? ended(info, 'in_progress', error) : error;
  } finally {
    lifecycle.remove(patience);
    signal?.removeEventListener('abort', onAbort);
  }
}
