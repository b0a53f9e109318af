import { createIdempotency, type Store } from '@twiceproof/core';
import { garbageOfCall, promisesOfCall } from '@twiceproof/counting';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { describe, expect, it } from 'vitest';

/** Counts of things, which no load of the machine changes. */
interface Cost {
  /** With one for each `await`, of the caller's as well. */
  readonly promises: number;
  readonly bytes: number;
}

async function costOf(call: (at: number) => Promise<unknown>): Promise<Cost> {
  const bytes = await garbageOfCall(call);
  // Of the same calls, which are known by now.
  return { promises: await promisesOfCall(50, call), bytes };
}

/** A store that has to be waited for, as one across a network is. */
function askedStore(): Store {
  const { atOnce: _atOnce, ...store } = memoryStore();
  return store;
}

describe.each<[string, () => Store, { replay: Cost; first: Cost }]>([
  [
    'a store that answers at once',
    memoryStore,
    { replay: { promises: 2, bytes: 1_700 }, first: { promises: 5, bytes: 6_150 } },
  ],
  [
    'a store that is waited for',
    askedStore,
    { replay: { promises: 7, bytes: 4_500 }, first: { promises: 15, bytes: 9_500 } },
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
