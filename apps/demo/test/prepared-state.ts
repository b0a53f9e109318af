import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    preparedState: string;
  }
}

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Makes one state folder with an empty database, which takes seconds; the tests start from copies. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-demo-prepared-'));
  const nothing = join(folder, 'nothing.ndjson');
  writeFileSync(nothing, '');
  const state = join(folder, 'state');
  execFileSync(process.execPath, [program, '--state', state, '--input', nothing]);
  project.provide('preparedState', state);
  return () => rmSync(folder, { recursive: true, force: true });
}
