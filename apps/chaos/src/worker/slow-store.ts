import type { Store } from '@twiceproof/core';
import { now } from '../now.ts';
import { around } from './around.ts';
import type { FromWorker } from './messages.ts';

/**
 * The same store. Tells the parent which request about which key has had no answer for so long: a lease ends
 * although its owner asks for its renewal, and nobody is to blame but the store, or the way to it.
 */
export function tellingSlowness(store: Store, longMs: number): Store {
  const keys = new Map<string, string>();

  const timed = async <Answer>(request: string, id: string, asking: Promise<Answer>) => {
    const from = now();
    const timer = setTimeout(() => {
      const key = keys.get(id)!;
      process.send!({ kind: 'slow', request, key, from, to: now() } satisfies FromWorker);
    }, longMs);
    try {
      return await asking;
    } finally {
      clearTimeout(timer);
    }
  };

  return around(store, {
    acquire(claim, options) {
      // The key is a text, and its preview the same.
      keys.set(claim.id, claim.keyPreview!);
      return timed('claim', claim.id, store.acquire(claim, options));
    },
    renew: (id, token, leaseMs, options) =>
      timed('renewal', id, store.renew(id, token, leaseMs, options)),
    complete: (id, token, outcome, options) =>
      timed('completion', id, store.complete(id, token, outcome, options)),
  });
}
