import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

test('the median is the value in the middle, whatever the order', () => {
  expect(quantile([10, 9, 100], 0.5)).toBe(10);
});

test('between two neighbours it is as far as the share says', () => {
  expect(quantile([0, 10], 0.25)).toBe(2.5);
});

test('of one value, every quantile is that value', () => {
  expect(quantile([7], 0.25)).toBe(7);
});
