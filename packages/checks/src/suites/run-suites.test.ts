import { expect, test } from 'vitest';
import { longest } from './run-suites.ts';
import { suites } from './suites.ts';

test('every suite that is to begin first is there', () => {
  const names = suites.map(({ manifest }) => manifest.name);
  expect(longest.filter((name) => !names.includes(name))).toEqual([]);
});
