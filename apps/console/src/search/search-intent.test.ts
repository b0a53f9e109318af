import { expect, test } from 'vitest';
import { searchIntent } from './search-intent.ts';

const digest = 'A'.repeat(43);

test('a whole record id asks for the record', () => {
  expect(searchIntent(`prod/charge/0/${digest}`)).toBe('record');
  expect(searchIntent(` prod/charge%20card/12/${digest} `)).toBe('record');
});

test('the beginning of a record id asks for ids', () => {
  for (const text of ['prod/charge/', 'prod/charge/0', 'prod/charge/0/', 'prod/charge/0/AAxy']) {
    expect(searchIntent(text), text).toBe('ids');
  }
});

test('anything else asks for keys', () => {
  for (const text of ['p-1', '["u-1","welcome"]', 's3://bucket/day/file', 'a/b', 'a b/c/0', '']) {
    expect(searchIntent(text), text).toBe('keys');
  }
});
