import { expect, test } from 'vitest';
import { growthOf } from './growth.ts';
import type { Sample } from './sample.ts';

const flat: Sample = { heapBytes: 20_000_000, handles: 20, timers: 10, listeners: 30 };
const over = (change: (at: number) => Partial<Sample>) =>
  Array.from({ length: 40 }, (_, at) => ({ ...flat, ...change(at) }));

test('work that comes and goes is no growth', () => {
  const noise = (at: number) => ({
    handles: 20 + (at % 5),
    heapBytes: 20_000_000 + (at % 3) * 1e6,
  });
  expect(growthOf(over(noise))).toEqual([]);
});

test('what a process needs to begin with is no growth', () => {
  expect(growthOf(over((at) => (at < 9 ? { heapBytes: at * 1e6 } : {})))).toEqual([]);
});

test.each(['heapBytes', 'handles', 'timers', 'listeners'] as const)(
  '%s that leak are found',
  (name) => {
    const leaking = over((at) => ({ [name]: flat[name] * (1 + at / 10) + at }));
    expect(growthOf(leaking).join()).toContain(name);
  },
);

test('too few samples say nothing', () => {
  expect(() => growthOf([flat])).toThrow('at least 8');
});
