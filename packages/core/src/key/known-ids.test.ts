import { expect, test } from 'vitest';
import { KnownIds } from './known-ids.ts';

test('an id is known by its key, for each operation apart', () => {
  const [one, other] = [new KnownIds(), new KnownIds()];
  one.add('a', 'id of a');
  expect([one.get('a'), one.get('b'), other.get('a')]).toEqual(['id of a', undefined, undefined]);
});

test('they are bounded over all operations, and forgotten together', () => {
  const many = Array.from({ length: 10_000 }, () => new KnownIds());
  for (const [at, ids] of many.entries()) ids.add(`key-${at}`, 'id');
  const known = many.filter((ids, at) => ids.get(`key-${at}`) !== undefined);
  expect(known.length).toBeLessThanOrEqual(4_096);
  expect(many.at(-1)?.get('key-9999')).toBe('id');
});

test('a key that is as long as a payload is not kept', () => {
  const ids = new KnownIds();
  ids.add('x'.repeat(129), 'id');
  expect(ids.get('x'.repeat(129))).toBeUndefined();
});
