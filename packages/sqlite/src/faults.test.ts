import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Claim } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { newFile } from '../test/file.ts';
import { sqliteStore } from './sqlite-store.ts';

const claim: Claim = {
  id: 'test/pay/0/abc',
  environment: 'test',
  operation: 'pay',
  run: 0,
  token: 'mine',
  leaseMs: 60_000,
  retentionMs: null,
  abandoned: 'hold',
  formatVersion: 1,
};

test('while another connection writes, the event loop goes on and the claim waits', async () => {
  const path = newFile();
  await using store = closing(path);
  await store.setup();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  let isAnswered = false;
  const acquiring = store.acquire(claim).finally(() => {
    isAnswered = true;
  });
  for (let turns = 0; turns < 1_000; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(isAnswered).toBe(false);
  other.exec('COMMIT');
  other.close();
  expect(await acquiring).toMatchObject({ status: 'acquired', record: { attempt: 1 } });
});

test('a file that stays locked is told after busyTimeoutMs, and the claim has not landed', async () => {
  const path = newFile();
  await using store = closing(path, 50);
  await store.setup();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await expect(store.acquire(claim)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('busyTimeoutMs'),
  });
  other.exec('COMMIT');
  other.close();
  expect(await store.get(claim.id)).toBeUndefined();
});

test('a duplicate waits for no writer', async () => {
  const path = newFile();
  await using store = closing(path);
  await store.acquire(claim);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await store.acquire({ ...claim, token: 'another' })).toMatchObject({ status: 'existing' });
  other.exec('COMMIT');
  other.close();
});

test('waits for a transaction of the user’s on the client, and leaves it as it is', async () => {
  const client = new DatabaseSync(newFile());
  const store = sqliteStore({ client });
  await store.setup();
  client.exec('CREATE TABLE mine (a); BEGIN; INSERT INTO mine VALUES (1)');
  const acquiring = store.acquire(claim);
  for (let turns = 0; turns < 1_000; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.exec('ROLLBACK');
  expect(await acquiring).toMatchObject({ status: 'acquired' });
  expect(client.prepare('SELECT count(*) AS n FROM mine').get()).toEqual({ n: 0 });
  client.close();
});

test('says what is wrong with a file that is none of SQLite’s, and with a folder that is missing', async () => {
  const path = newFile();
  writeFileSync(path, 'a text of some length, '.repeat(100));
  await expect(sqliteStore({ path }).setup()).rejects.toThrow('not an SQLite database');
  const missing = join(path, '..', 'missing', 'records.db');
  await expect(sqliteStore({ path: missing }).setup()).rejects.toThrow('its folder');
});

test('a claim whose caller gave up before it was sent does nothing', async () => {
  await using store = closing(newFile());
  await expect(store.acquire(claim, { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(await store.get(claim.id)).toBeUndefined();
});

test.for([
  [{}, 'either a path or a client'],
  [{ path: ':memory:' }, '@twiceproof/memory'],
  [{ path: ' ' }, 'path'],
  [{ client: {} }, 'client'],
  [{ path: 'a', busyTimeoutMs: 0 }, 'busyTimeoutMs'],
  [{ path: 'a', maxRecordBytes: 2 ** 40 }, 'maxRecordBytes'],
  [{ path: 'a', table: 'b' }, "no option 'table'"],
] as const)('refuses %j', ([options, told]) => {
  expect(() => sqliteStore(options as never)).toThrow(
    expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringContaining(told) }),
  );
});

function closing(path: string, busyTimeoutMs = 60_000) {
  const store = sqliteStore({ path, busyTimeoutMs });
  return { ...store, [Symbol.asyncDispose]: async () => void (await store.close()) };
}
