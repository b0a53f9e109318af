import { expect, test } from 'vitest';
import { newFile } from '../test/file.ts';
import { openFile } from './open-file.ts';

test('a connection of the store’s own waits for the disk, and keeps up to 16 MiB of the file', () => {
  const db = openFile(newFile());
  const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0];
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect(pragma('cache_size')).toBe(-16_384);
  db.close();
});
