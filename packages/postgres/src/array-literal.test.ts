import { expect, test } from 'vitest';
import { useDatabases } from '../test/databases.ts';
import { numberArray, storable, textArray } from './array-literal.ts';

const { pglite } = useDatabases();

test('texts come back as they were sent', async () => {
  const client = await pglite.client();
  const texts = ['', 'a', 'NULL', 'null', '{}', ',', '"', '\\', '\\"', ' a ', 'a\nb', 'ü 鍵 🔑'];
  const { rows } = await client.query('SELECT unnest($1::text[]) AS text', [textArray(texts)]);
  expect(rows.map((row) => (row as { text: string }).text)).toEqual(texts);
});

test('what is absent becomes NULL', async () => {
  const client = await pglite.client();
  const params = [textArray([undefined, 'NULL']), numberArray([null, 9_007_199_254_740_991])];
  const text = 'SELECT * FROM unnest($1::text[], $2::bigint[]) AS item (text, number)';
  const { rows } = await client.query(text, params);
  expect(rows).toEqual([
    { text: null, number: null },
    { text: 'NULL', number: Number.MAX_SAFE_INTEGER },
  ]);
});

test('what is absent at the end is left out, and still becomes NULL', async () => {
  expect(textArray([undefined, undefined])).toBe('{}');
  const client = await pglite.client();
  const params = [
    textArray(['a', 'b', 'c']),
    textArray(['x', undefined, undefined]),
    textArray([]),
  ];
  const text = 'SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS item (one, two, three)';
  const { rows } = await client.query(text, params);
  expect(rows).toEqual([
    { one: 'a', two: 'x', three: null },
    { one: 'b', two: null, three: null },
    { one: 'c', two: null, three: null },
  ]);
});

test('U+0000, which Postgres cannot hold, is kept as U+FFFD', () => {
  expect(storable('a\0b')).toBe('a\uFFFDb');
  expect(textArray(['\0'])).toBe('{"\uFFFD"}');
});
