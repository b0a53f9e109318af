import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

// Loaded by Node itself: Vitest runs this file in a runner that has no `import.meta.resolve`.
const { startDynamodb, startMariadb, startPostgres, startRedis } = createRequire(import.meta.url)(
  '@twiceproof/engines',
) as typeof import('@twiceproof/engines');

declare module 'vitest' {
  interface ProvidedContext {
    /** Engines that all test files share; each test has a table or prefix of its own. */
    redis: string;
    postgres: string;
    mysql: string;
    dynamodb: string;
    /** Where files of SQLite may be. */
    folder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engines = await Promise.all([
    startRedis(),
    startPostgres({ version: 18 }),
    startMariadb(),
    startDynamodb(),
  ]);
  const [redis, postgres, mysql, dynamodb] = engines;
  project.provide('redis', redis.url);
  project.provide('postgres', postgres.url);
  project.provide('mysql', mysql.url);
  project.provide('dynamodb', dynamodb.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-cli-'));
  project.provide('folder', folder);
  return async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
}
