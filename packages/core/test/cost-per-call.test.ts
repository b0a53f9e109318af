import { createHook } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createIdempotency, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { describe, expect, it } from 'vitest';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const calls = 200;

/** Counts of things, which no load of the machine changes. */
interface Cost {
  /** Promises made, with one for each `await`, of the caller's as well. */
  readonly promises: number;
  readonly timers: number;
  readonly bytes: number;
}

type Most = Omit<Cost, 'timers'>;

/** What a call costs on the average, once its code is warm. */
async function costOf(call: (at: number) => Promise<unknown>): Promise<Omit<Cost, 'timers'>> {
  for (let at = 0; at < 2_000; at++) await call(at % calls);
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises++;
    },
  });
  hook.enable();
  for (let at = 0; at < calls; at++) await call(at);
  hook.disable();
  return { promises: promises / calls, bytes: await bytesOf(call) };
}

/** The least of some rounds: others hold code that was compiled meanwhile. Each is too short to be collected in. */
async function bytesOf(call: (at: number) => Promise<unknown>): Promise<number> {
  const [rounds, few] = [9, 50];
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    collect();
    const { heapUsed } = process.memoryUsage();
    for (let at = 0; at < few; at++) await call(at);
    least = Math.min(least, (process.memoryUsage().heapUsed - heapUsed) / few);
  }
  return least;
}

/** A store that has to be waited for, as one across a network is. */
function askedStore(): Store {
  const { atOnce: _atOnce, ...store } = memoryStore();
  return store;
}

describe.each<[string, () => Store, { replay: Most; first: Most }]>([
  [
    'a store that answers at once',
    memoryStore,
    { replay: { promises: 2, bytes: 2_500 }, first: { promises: 5, bytes: 8_000 } },
  ],
  [
    'a store that is waited for',
    askedStore,
    { replay: { promises: 7, bytes: 5_500 }, first: { promises: 15, bytes: 11_500 } },
  ],
])('on %s', (_name, makeStore, most) => {
  const receipt = { id: 'r-1', status: 'captured', cents: 1_990, at: '2026-01-01T12:00:00.000Z' };

  function charging() {
    const world = virtualClock();
    let timers = 0;
    const clock = {
      now: world.now,
      schedule: (...given: Parameters<typeof world.schedule>) => {
        timers++;
        return world.schedule(...given);
      },
    };
    const { wrap } = createIdempotency({
      environment: 'test',
      store: makeStore(),
      runtime: { clock },
    });
    const charge = wrap(async (_id: string) => receipt, { operation: 'charge', key: (id) => id });
    return { charge, timers: () => timers };
  }

  it(`a replay makes at most ${most.replay.promises} promises, no timers, and little garbage`, async () => {
    const { charge, timers } = charging();
    const cost = await costOf((at) => charge(`payment-${at}`));
    expect(cost.promises).toBeLessThanOrEqual(most.replay.promises);
    expect(cost.bytes).toBeLessThan(most.replay.bytes);
    // One for all leases, and one for all requests.
    expect(timers()).toBeLessThanOrEqual(2);
  });

  it(`a first execution makes at most ${most.first.promises} promises, no timers, and little garbage`, async () => {
    const { charge, timers } = charging();
    let made = 0;
    const cost = await costOf(() => charge(`payment-${made++}`));
    expect(cost.promises).toBeLessThanOrEqual(most.first.promises);
    expect(cost.bytes).toBeLessThan(most.first.bytes);
    expect(timers()).toBeLessThanOrEqual(2);
  });
});
