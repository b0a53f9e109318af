import { setTimeout as elapsed } from 'node:timers/promises';
import type { Idempotency } from '@twiceproof/core';
import type { Random } from '../random.ts';

/** How often each way for a call to end was met. */
export type Outcomes = Map<string, number>;

/** Of so many keys, which soon are known ones, and then expire. */
const keys = 400;

/** Calls of every kind, one after the other, until it is told to stop. */
export async function work(
  idempotency: Idempotency,
  random: Random,
  outcomes: Outcomes,
  signal: AbortSignal,
): Promise<void> {
  const options = { operation: 'soak', lease: '2s', retention: '3s', failure: 'release' } as const;
  while (!signal.aborted) {
    const key = Math.floor(random() * keys);
    const kind = random();
    const effect = async () => {
      await elapsed(random() * 20);
      if (kind < 0.1) throw new Error('as it happens');
      return { key, text: 'x'.repeat(Math.floor(random() * 2_000)) };
    };
    const together = kind > 0.8 ? 3 : 1;
    const calls = Array.from({ length: together }, () =>
      idempotency.settled({ ...options, key }, effect),
    );
    for (const { outcome } of await Promise.all(calls)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    await elapsed(5);
  }
}
