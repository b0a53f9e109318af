import { expect, test } from 'vitest';
import { scaleFor } from './scale.ts';

test('goes from the round number below the least to the one above the most', () => {
  const { of, ticks } = scaleFor([3, 45]);
  expect(ticks).toEqual([2, 5, 10, 20, 50]);
  expect([of(2), of(10), of(50)].map((each) => each.toFixed(3))).toEqual([
    '0.000',
    '0.500',
    '1.000',
  ]);
});

test('over many powers of ten it has only those', () => {
  expect(scaleFor([0.03, 4_000]).ticks).toEqual([0.1, 1, 10, 100, 1_000]);
});

test('a single value has a place, too', () => {
  expect(scaleFor([10]).of(10)).toBe(0);
});
