import { createIdempotency, tiered } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { expect, test, vi } from 'vitest';
import { settled } from './deployed.ts';

test.each([
  { retention: '4500ms', maxAge: '10s', left: [500] },
  { retention: '1h', maxAge: '4200ms', left: [200] },
  { retention: '1h', maxAge: '3s', left: [] },
] as const)(
  'counts maxAge $maxAge and retention $retention on where the wall clock is set back before the answer is heard',
  async ({ retention, maxAge, left }) => {
    const clock = virtualClock();
    let setBackMs = 0;
    const memory = memoryStore({ clock });
    const complete: typeof memory.complete = async (...request) => {
      const answer = await memory.complete(...request);
      await clock.advance(4_000);
      setBackMs = 60_000;
      return answer;
    };
    const tier = memoryStore({ clock });
    const fill = vi.spyOn(tier, 'fill');
    const { atOnce: _atOnce, ...promised } = memory;
    const stack = [
      { store: tier, maxAge },
      { ...promised, complete },
    ];
    const store = tiered(stack, { now: () => clock.epoch() - setBackMs, clock });
    const { wrap } = createIdempotency({
      ...{ environment: 'test', store, retention, runtime: { clock } },
    });
    await wrap(async (id: string) => id, { operation: 'work', key: (id) => id })('a');
    await settled();
    expect(fill.mock.calls.map(([, ttlMs]) => ttlMs)).toEqual(left);
  },
);
