import { setTimeout as delay } from 'node:timers/promises';
import type { Consume } from './consumer.ts';
import { checkHandler, invalid } from './consumer-options.ts';
import { thrownError } from './thrown-error.ts';

/** For clients that take the messages of a partition one by one, in order. */
export interface InOrderOptions<Payload> {
  /** Keeps what would end no better somewhere else, before it is passed over. Without it such a message
   * is thrown at the client: nothing is skipped silently. */
  readonly deadLetter?: ((payload: Payload, error: unknown) => unknown) | undefined;
  /** Ends the waiting for work that is in progress elsewhere: the message is left to the next consumer. */
  readonly signal?: AbortSignal | undefined;
}

const longestNapMs = 1_000;

/** Refuses wrong ones. */
export function checkInOrderOptions({ deadLetter, signal }: InOrderOptions<never>): void {
  if (deadLetter !== undefined) checkHandler('deadLetter', deadLetter);
  if (signal === undefined || typeof signal?.addEventListener === 'function') return;
  throw invalid('signal', signal, 'an AbortSignal');
}

/**
 * Takes one message after the other. It resolves when the message is done with, or kept elsewhere, and throws when
 * the client must come back to it. Work in progress elsewhere is waited for in place, so that order is kept.
 */
export function inOrder<Payload, Value>(
  consume: Consume<[payload: Payload], Value>,
  { deadLetter, signal }: InOrderOptions<Payload>,
  keepAlive: (payload: Payload) => unknown,
): (payload: Payload) => Promise<void> {
  return async (payload) => {
    for (;;) {
      const verdict = await consume(payload);
      if (verdict.do === 'ack') return;
      const error = thrownError(verdict);
      if (verdict.do === 'reject') {
        if (!deadLetter) throw error;
        await deadLetter(payload, error);
        return;
      }
      if (verdict.afterMs === undefined) throw error;
      if (!(await waited(verdict.afterMs, signal, () => keepAlive(payload)))) throw error;
    }
  };
}

/** False if the signal aborted before. What keeping alive throws, e.g. that the partition is another's now, is thrown. */
async function waited(
  ms: number,
  signal: AbortSignal | undefined,
  keepAlive: () => unknown,
): Promise<boolean> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0; left = end - performance.now()) {
    await delay(Math.min(left, longestNapMs), undefined, { signal }).catch(() => {});
    if (signal?.aborted) return false;
    await keepAlive();
  }
  return true;
}
