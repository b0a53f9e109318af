import { expect, test } from 'vitest';
import { rowWindow, scrollTo } from './row-window.ts';

test('the rows in sight are drawn, with some around them', () => {
  expect(rowWindow(0, 400, 40, 1_000)).toEqual({ first: 0, end: 22 });
  expect(rowWindow(4_000, 400, 40, 1_000)).toEqual({ first: 88, end: 122 });
});

test('never more than there are', () => {
  expect(rowWindow(0, 400, 40, 3)).toEqual({ first: 0, end: 3 });
  expect(rowWindow(90_000, 400, 40, 3)).toEqual({ first: 3, end: 3 });
  expect(rowWindow(0, 400, 40, 0)).toEqual({ first: 0, end: 0 });
});

test('a row is scrolled to only as far as it has to be', () => {
  expect(scrollTo(5, 0, 400, 40)).toBeUndefined();
  expect(scrollTo(10, 0, 400, 40)).toBe(40);
  expect(scrollTo(2, 400, 400, 40)).toBe(80);
});
