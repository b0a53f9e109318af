import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sqliteStore } from '../src/sqlite-store.ts';
import { newFile } from './file.ts';

const run = promisify(execFile);
const claimant = join(import.meta.dirname, 'claimant.ts');
const count = 300;

test('of the claims of three processes for one id exactly one is granted', async () => {
  const path = newFile();
  const rivals = Array.from({ length: 3 }, () =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', claimant, path, `${count}`]),
  );
  const granted = (await Promise.all(rivals)).flatMap(({ stdout }) => JSON.parse(stdout));
  expect(granted.length).toBe(count);
  expect(new Set(granted).size).toBe(count);
}, 120_000);

test('what a killed process was told that it claimed is there', async () => {
  const path = newFile();
  const child = spawn(process.execPath, [claimant, path, '100000', 'tell']);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (said.length > 2_000) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const told = said.split('\n').slice(0, -1);
  expect(told.length).toBeGreaterThan(10);
  const store = sqliteStore({ path });
  for (const id of told) expect(await store.get(id)).toMatchObject({ id, status: 'in_progress' });
  await store.close();
}, 120_000);
