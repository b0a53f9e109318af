import type { Store } from '@twiceproof/core';
import { settledAtOnce } from '@twiceproof/core/toolkit';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

const times = [1, 2, 3, 4, 5];
const receipt = () => ({ id: 'r-1', bytes: new Uint8Array([1, 2, 3]), lines: [['a', 'b']] });

function charging(store?: Store) {
  const { wrap } = deployed(store ? { store } : {}).idempotency;
  const charge = vi.fn(async (_id: string) => receipt());
  return { charge, once: wrap(charge, { operation: 'charge', key: (id) => id }) };
}

describe('settledAtOnce', () => {
  it('answers what settled answers, and a record of this process without a promise', async () => {
    const { charge, once } = charging();
    const first = settledAtOnce(once, 'a');
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ outcome: 'executed', started: true, value: receipt() });
    for (const _time of times) {
      const replayed = settledAtOnce(once, 'a');
      expect(replayed).not.toBeInstanceOf(Promise);
      expect(replayed).toEqual(await once.settled('a'));
      expect(replayed).toMatchObject({ outcome: 'replayed', started: false, value: receipt() });
    }
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('is frozen where others get the same value, which those who call the function never do', async () => {
    const { once } = charging();
    await once('a');
    const values = [];
    for (const _time of times) values.push((await settledAtOnce(once, 'a')).value);
    expect(values[4]).toBe(values[3]);
    expect(Object.isFrozen(values[4])).toBe(true);
    const [one, other] = [await once('a'), await once('a')];
    one.bytes.fill(9);
    one.lines[0]![0] = 'spoilt';
    expect([other, values[4], await once('a')]).toEqual([receipt(), receipt(), receipt()]);
  });

  it('has a promise where the store has to be waited for', async () => {
    const { atOnce: _atOnce, ...store } = memoryStore();
    const { once } = charging(store);
    await once('a');
    const replayed = settledAtOnce(once, 'a');
    expect(replayed).toBeInstanceOf(Promise);
    expect(await replayed).toMatchObject({ outcome: 'replayed', value: receipt() });
  });

  it('neither throws nor rejects', async () => {
    const { once } = charging();
    expect(await settledAtOnce(once, '')).toMatchObject({
      outcome: 'failed',
      error: { code: 'KEY_MISSING' },
    });
  });

  it('takes a function that another copy of this package has wrapped', async () => {
    const settled = vi.fn(async () => ({ outcome: 'replayed' as const }));
    const foreign = Object.assign(() => {}, { settled }) as never;
    expect(await settledAtOnce(foreign, 'a' as never)).toEqual({ outcome: 'replayed' });
    expect(settled).toHaveBeenCalledWith('a');
  });
});
