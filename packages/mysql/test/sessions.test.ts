import { randomUUID } from 'node:crypto';
import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { mysqlStore } from '../src/index.ts';
import { done, failure } from './endings.ts';
import { endPools, newPool, newStore } from './new-store.ts';

endPools();

test('a missing table is told with its cure', async () => {
  const store = mysqlStore({ client: newPool(), table: 'nowhere' });
  await expect(store.acquire(newClaim())).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('store.setup()'),
  });
});

test('sessions that do not commit by themselves are refused before anything is claimed', async () => {
  const { sibling, store } = await newStore();
  const { client, store: manual } = sibling({ connectionLimit: 1 });
  await client.query('SET SESSION autocommit = 0');
  const claim = newClaim();
  await expect(manual.acquire(claim)).rejects.toThrow('autocommit');
  expect(await store.get(claim.id)).toBeUndefined();
});

test('a pool with settings of its own reads and writes the same', async () => {
  const { sibling, store } = await newStore();
  const { client, store: odd } = sibling({
    bigNumberStrings: true,
    supportBigNumbers: true,
    connectionLimit: 1,
    dateStrings: true,
    namedPlaceholders: true,
    rowsAsArray: true,
    timezone: '+09:00',
  });
  const modes = "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '-11:00'";
  await client.query(modes);
  const claim = newClaim({ scope: `it's "\\ ${randomUUID()}`, keyPreview: 'ü\ud800\u0000' });
  const { record } = await odd.acquire(claim);
  expect(await store.get(claim.id)).toEqual(record);
  expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
  const read = await odd.get(claim.id);
  expect(read).toEqual(await store.get(claim.id));
  expect(Buffer.from(read!.outcome!)).toEqual(Buffer.from(done.bytes));
});

test('of the claims of twenty pools for a failed record exactly one is granted, whatever deadlocks', async () => {
  const { sibling, store } = await newStore();
  const rivals = Array.from({ length: 20 }, () => sibling({ connectionLimit: 2 }).store);
  for (let round = 0; round < 20; round += 1) {
    const claim = newClaim();
    await store.acquire(claim);
    await store.release(claim.id, claim.token, failure);
    const claims = rivals.map((rival) => rival.acquire(newClaim({ id: claim.id })));
    const statuses = (await Promise.all(claims)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'acquired')).toHaveLength(1);
  }
});

test('expired records are removed by the claims that follow, and while retirement is paused not at all', async () => {
  const { client, store, table } = await newStore();
  const stay = async () => {
    const [rows] = await client.query(`SELECT COUNT(*) AS n FROM ${table} WHERE expires_at < 2`);
    return (rows as [{ n: number }])[0].n;
  };
  await store.acquire(newClaim());
  // A first claim sweeps, and may not be at its end when it is answered.
  await store.close();
  await client.query(
    `INSERT INTO ${table} (id, expires_at, record) SELECT CONCAT('"x', seq, '"'), 1, '{' FROM ${table}`,
  );
  const claims = (options: { retirement?: 'paused' }) =>
    Promise.all(Array.from({ length: 150 }, () => store.acquire(newClaim(), options)));
  await claims({ retirement: 'paused' });
  await store.close();
  expect(await stay()).toBe(1);
  await claims({});
  await claims({});
  await store.close();
  expect(await stay()).toBe(0);
});

test.for([
  [{}, 'mysql2/promise'],
  [{ client: { promise() {}, getConnection() {} } }, 'promise()'],
  [{ client: { getConnection() {} }, table: 'a`b' }, 'table'],
  [{ client: { getConnection() {} }, maxRecordBytes: 0 }, 'maxRecordBytes'],
  [{ client: { getConnection() {} }, ownConnections: 'no' }, 'ownConnections'],
  [{ client: { getConnection() {} }, prefix: 'a' }, "no option 'prefix'"],
] as const)('refuses %j', ([options, told]) => {
  expect(() => mysqlStore(options as never)).toThrow(
    expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringContaining(told) }),
  );
});

test('verify tells what endangers records, and the clock', async () => {
  const { store, client, table } = await newStore();
  expect(await store.verify()).toMatchObject({ ok: true, problems: [] });
  await client.query(`ALTER TABLE ${table} ENGINE = MyISAM`);
  const large = mysqlStore({ client, table, maxRecordBytes: 512 * 1024 * 1024 });
  const { ok, problems, clockOffsetMs } = await large.verify();
  expect(ok).toBe(false);
  expect(problems.map(({ code }) => code)).toEqual(['PACKET_TOO_SMALL', 'NOT_INNODB']);
  expect(Math.abs(clockOffsetMs)).toBeLessThan(2_000);
  const missing = await mysqlStore({ client, table: 'nowhere' }).verify();
  expect(missing.problems.map(({ code }) => code)).toEqual(['TABLE_MISSING']);
});
