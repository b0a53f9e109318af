import { expect, test } from 'vitest';
import { mysqlStore } from './mysql-store.ts';

const client = { getConnection: async () => undefined as never };
const invalid = expect.objectContaining({ code: 'OPTIONS_INVALID' });

test.each([
  '`; DROP TABLE accounts; -- ',
  "'; DROP TABLE accounts; -- ",
  'records; DELETE FROM accounts',
  'shop`.`accounts',
  'shop.records.more',
  '.records',
  'shop.',
  'records-- ',
  'records#',
  'records/*',
  'records\0',
  'records\n',
  'récords',
  'a b',
  '',
  'x'.repeat(65),
  7,
  ['records'],
])('%j is refused as the name of a table', (table) => {
  expect(() => mysqlStore({ client, table: table as never })).toThrow(invalid);
});

test.each(['records', 'shop.records', '$1', 'x'.repeat(64)])('%j is one', (table) => {
  expect(mysqlStore({ client, table }).name).toBe('mysql');
});
