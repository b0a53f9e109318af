import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';

// Loaded by Node itself: Vitest runs this file in a runner that has no `import.meta.resolve`.
const { startPostgres } = createRequire(import.meta.url)(
  '@twiceproof/engines',
) as typeof import('@twiceproof/engines');

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs of servers that all test files share; each test has a schema of its own. */
    postgres18: string;
    postgres15: string;
    /** The file of a new PGlite database: loading it takes a fraction of making one. */
    newPglite: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const config = { max_connections: '300' };
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-pglite-'));
  const [eighteen, fifteen, newPglite] = await Promise.all([
    startPostgres({ version: 18, config }),
    startPostgres({ version: 15, config }),
    saveNewPglite(join(folder, 'new.tar')),
  ]);
  project.provide('postgres18', eighteen.url);
  project.provide('postgres15', fifteen.url);
  project.provide('newPglite', newPglite);
  return async () => {
    await Promise.all([eighteen.stop(), fifteen.stop(), rm(folder, { recursive: true })]);
  };
}

async function saveNewPglite(file: string): Promise<string> {
  const created = await PGlite.create();
  await writeFile(file, (await created.dumpDataDir('none')).stream());
  await created.close();
  return file;
}
