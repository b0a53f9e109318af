import { expect, test } from 'vitest';
import { postgresStore } from './postgres-store.ts';
import { setupSql } from './setup-sql.ts';
import { transactional } from './transactional.ts';

const client = { query: async () => ({ rows: [] }), connect: async () => undefined as never };

for (const [what, options, message] of [
  ['no client', {}, /client is neither a Pool of pg nor a PGlite instance/],
  ['a client without a pool', { client: { query: client.query } }, /client/],
  ['an unknown option', { client, tabel: 'records' }, /no option 'tabel'; did you mean 'table'/],
  ['a timeout that is none', { client, timeout: 'soon' }, /timeout is 'soon'/],
  ['a negative timeout', { client, timeout: -1 }, /timeout is -1/],
  ['a record limit of nothing', { client, maxRecordBytes: 0 }, /maxRecordBytes is 0/],
  ['a record limit that Postgres cannot hold', { client, maxRecordBytes: 2 ** 31 }, /maxRecord/],
  [
    'another retirement',
    { client, retirement: 'off' },
    /retirement is 'off'; give 'on' or 'paused'/,
  ],
  ['a notify that is no boolean', { client, notify: 'yes' }, /notify is 'yes'/],
  ['an empty schema', { client, schema: '' }, /schema is ""/],
  ['a schema of Postgres', { client, schema: 'pg_mine' }, /pg_/],
  ['a table name that is too long', { client, table: 'x'.repeat(49) }, /table is/],
  ['a table that is no text', { client, table: 7 }, /table is 7/],
] as const) {
  test(`refuses ${what}`, () => {
    const refused = () => postgresStore(options as never);
    expect(refused).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
    expect(refused).toThrow(message);
  });
}

const attempts = [
  '"; DROP TABLE accounts; --',
  "'; DROP TABLE accounts; --",
  'records; DELETE FROM accounts',
  'public"."accounts',
  'records--',
  'my-records',
  'records\0',
  'records\n',
  'récords',
  '1records',
  '$$',
  'a b',
];

for (const name of attempts) {
  test(`refuses the name ${JSON.stringify(name)} for a schema and for a table`, () => {
    const invalid = expect.objectContaining({ code: 'OPTIONS_INVALID' });
    expect(() => postgresStore({ client, schema: name })).toThrow(invalid);
    expect(() => postgresStore({ client, table: name })).toThrow(invalid);
    expect(() => setupSql({ table: name })).toThrow(invalid);
  });
}

test('transactional() checks its own option too', () => {
  expect(() => transactional({ client, lockWait: 'long' as never })).toThrow(/lockWait/);
});
