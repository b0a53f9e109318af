import type { IdempotencyRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { shortIds } from './short-id.ts';

const short = (...ids: string[]) => {
  const records = ids.map((id) => ({ id }) as IdempotencyRecord);
  return records.map(shortIds(records));
};

test('an id is shown with the first eight characters of its digest', () => {
  expect(short('prod/charge/0/abcdefghij', 'prod/charge/0/bcdefghijk')).toEqual([
    'prod/charge/0/abcdefgh',
    'prod/charge/0/bcdefghi',
  ]);
});

test('ids that begin the same are shown as far as they differ', () => {
  expect(short('p/c/0/abcdefghij1', 'p/c/0/abcdefghij2', 'p/c/0/x')).toEqual([
    'p/c/0/abcdefghij1',
    'p/c/0/abcdefghij2',
    'p/c/0/x',
  ]);
});
