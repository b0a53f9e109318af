import { expect, test } from 'vitest';
import { claimed, type Entry } from './entry.ts';
import { createExpiryQueue } from './expiry-queue.ts';

function entry(expiresAt: number | undefined): Entry {
  const work = { id: 'id', environment: 'test', operation: 'pay', run: 0, token: 'token' };
  const rest = { leaseMs: 1, retentionMs: null, abandoned: 'hold', formatVersion: 1 } as const;
  return { ...claimed({ ...work, ...rest }, 1, 1, 0), expiresAt };
}

/** A small generator, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

test.for([1, 2, 3, 4, 5])(
  'the first is always the one that expires first, whatever moved (seed %i)',
  (seed) => {
    const next = random(seed);
    const queue = createExpiryQueue();
    const inside = new Set<Entry>();
    for (let step = 0; step < 2_000; step += 1) {
      const some = [...inside][Math.floor(next() * inside.size)];
      const time = next() < 0.1 ? undefined : Math.floor(next() * 1_000);
      if (some === undefined || next() < 0.4) {
        const added = entry(time);
        queue.place(added);
        if (time !== undefined) inside.add(added);
      } else if (next() < 0.5) {
        some.expiresAt = time;
        queue.place(some);
        if (time === undefined) inside.delete(some);
      } else {
        queue.remove(some);
        inside.delete(some);
      }
      const earliest = Math.min(...[...inside].map(({ expiresAt }) => expiresAt!));
      expect(queue.first()?.expiresAt ?? Number.POSITIVE_INFINITY).toBe(earliest);
    }
  },
);

test('removing twice, or what never was inside, does nothing', () => {
  const queue = createExpiryQueue();
  const one = entry(1);
  const other = entry(2);
  queue.place(one);
  queue.remove(other);
  queue.remove(one);
  queue.remove(one);
  expect(queue.first()).toBeUndefined();
});
