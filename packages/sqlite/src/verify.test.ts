import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { newFile } from '../test/file.ts';
import { sqliteStore } from './sqlite-store.ts';

test('finds nothing wrong with a file of the store’s own', async () => {
  const store = sqliteStore({ path: newFile() });
  await store.setup();
  expect(await store.verify()).toEqual({ problems: [], clockOffsetMs: 0 });
  await store.close();
});

test('finds a database of the user’s whose readers wait for writers', async () => {
  const client = new DatabaseSync(newFile());
  const store = sqliteStore({ client });
  await store.setup();
  expect((await store.verify()).problems).toMatchObject([{ code: 'NOT_WAL' }]);
  client.exec('PRAGMA journal_mode = WAL');
  expect((await store.verify()).problems).toEqual([]);
  client.close();
});

test('finds a database of the user’s whose writes do not wait for the disk', async () => {
  const client = new DatabaseSync(newFile());
  const store = sqliteStore({ client });
  await store.setup();
  client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  expect((await store.verify()).problems).toMatchObject([{ code: 'NOT_DURABLE' }]);
  client.exec('PRAGMA synchronous = FULL');
  expect((await store.verify()).problems).toEqual([]);
  client.close();
});

test('finds damage, and makes no file that is not there', async () => {
  const path = newFile();
  await expect(sqliteStore({ path }).verify()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(existsSync(path)).toBe(false);
  const store = sqliteStore({ path });
  await store.setup();
  await store.close();
  const file = new DatabaseSync(path);
  file.exec('CREATE TABLE more (a); CREATE INDEX of_more ON more (a)');
  const fill = file.prepare('INSERT INTO more VALUES (?)');
  // Each row by itself would wait for the disk.
  file.exec('BEGIN');
  for (let n = 0; n < 2_000; n += 1) fill.run(`row ${n}`);
  file.exec('COMMIT');
  file.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, bytes.length - 8_192);
  writeFileSync(path, bytes);
  expect((await store.verify()).problems).toMatchObject([{ code: 'FILE_DAMAGED' }]);
});
