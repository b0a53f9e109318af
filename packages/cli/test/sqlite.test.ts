import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { newFolder, removeFoldersAfterwards } from './folders.ts';
import { runMain, runMainJson } from './run-main.ts';

removeFoldersAfterwards();

test('a file that is not there is made by setup, and by no other command', async () => {
  const path = join(newFolder(), 'records.db');
  for (const command of [['list'], ['stats'], ['verify'], ['delete', 'prod/a/0/b', '--yes']]) {
    const { code, stderr } = await runMain([...command, '--store', `sqlite:${path}`]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `twiceproof: sqlite:${path}: its file is not there; create it with twiceproof setup, or correct the path of the file\n`,
    });
    expect(existsSync(path)).toBe(false);
  }
  expect(await runMain(['setup', '--store', `sqlite:${path}`])).toMatchObject({ code: 0 });
  expect(existsSync(path)).toBe(true);
});

test('verify finds a file that is damaged, or whose readers wait for writers', async () => {
  const path = join(newFolder(), 'records.db');
  const store = ['--store', `sqlite:${path}`];
  await runMain(['setup', ...store]);
  const file = new DatabaseSync(path);
  file.exec(
    'PRAGMA journal_mode = DELETE; CREATE TABLE more (a); CREATE INDEX of_more ON more (a)',
  );
  const fill = file.prepare('INSERT INTO more VALUES (?)');
  for (let n = 0; n < 2_000; n += 1) fill.run(`row ${n}`);
  file.close();
  const codes = async () => {
    const { problems } = await runMainJson<{ problems: { code: string }[] }>(['verify', ...store], {
      code: 1,
    });
    return problems.map(({ code }) => code);
  };
  expect(await codes()).toEqual(['NOT_WAL']);

  const bytes = readFileSync(path);
  bytes.fill(0xff, bytes.length - 8_192);
  writeFileSync(path, bytes);
  expect(await codes()).toEqual(['FILE_DAMAGED', 'NOT_WAL']);
});

test.each([
  ['sqlite:', 'names no file'],
  ['sqlite:records.db?table=x', "no option 'table'"],
])('refuses %s', async (url, told) => {
  const { code, stderr } = await runMain(['list', '--store', url]);
  expect(code).toBe(2);
  expect(stderr).toContain(told);
});
