import { type Clock, createIdempotency, type Store, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type VirtualClock, virtualClock } from '@twiceproof/testing/clock';
import { expect, test } from 'vitest';
import { settled } from './deployed.ts';

const options = { operation: 'work', key: (id: string) => id };

/** A clock whose methods need `this`. */
class ClassClock implements Clock {
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(ms: number, run: () => void): () => void {
    return this.#clock.schedule(ms, run);
  }
}

test('a stack takes a clock whose methods need `this`', async () => {
  const store = tiered([memoryStore(), memoryStore()], { clock: new ClassClock(virtualClock()) });
  const { wrap } = createIdempotency({ environment: 'test', store });
  const once = wrap(async (id: string) => `${id} done`, options);
  expect(await once('a')).toBe('a done');
  await settled();
  expect(await once.execute('a')).toMatchObject({ value: 'a done', outcome: 'replayed' });
});

test('a claim that was given up is taken back by a clock whose methods need `this`', async () => {
  const clock = virtualClock();
  const truth = memoryStore({ clock });
  const { atOnce: _atOnce, ...promised } = truth;
  const acquire: Store['acquire'] = async (claim) => {
    await truth.acquire(claim);
    throw new Error('ECONNRESET');
  };
  const { wrap } = createIdempotency({
    ...{ environment: 'test', store: { ...promised, acquire }, storeTimeout: '1s' },
    runtime: { clock: new ClassClock(clock) },
  });
  const once = wrap(async (id: string) => id, options);
  const refused = once.settled('a');
  await clock.advance(1_000);
  expect(await refused).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } });
  await clock.advance(5_000);
  expect(await truth.get(await once.idOf('a'))).toMatchObject({ lastError: { name: 'Withdrawn' } });
});
