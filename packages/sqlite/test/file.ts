import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The name of a file in a folder of its own, which is gone after the test. */
export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'records.db');
}
