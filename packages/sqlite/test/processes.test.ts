import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const claimant = join(import.meta.dirname, 'claimant.ts');
const count = 300;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-sqlite-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('of the claims of three processes for one id exactly one is granted', async () => {
  const path = join(folder, 'race.db');
  const rivals = Array.from({ length: 3 }, () =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', claimant, path, `${count}`]),
  );
  const granted = (await Promise.all(rivals)).flatMap(({ stdout }) => JSON.parse(stdout));
  expect(granted.length).toBe(count);
  expect(new Set(granted).size).toBe(count);
}, 120_000);
