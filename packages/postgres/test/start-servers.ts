import { createRequire } from 'node:module';
import type { TestProject } from 'vitest/node';

// Loaded by Node itself: Vitest runs this file in a runner that has no `import.meta.resolve`.
const { startPostgres } = createRequire(import.meta.url)(
  '@idemkit/engines',
) as typeof import('@idemkit/engines');

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs of servers that all test files share; each test has a schema of its own. */
    postgres18: string;
    postgres15: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const config = { max_connections: '300' };
  const [eighteen, fifteen] = await Promise.all([
    startPostgres({ version: 18, config }),
    startPostgres({ version: 15, config }),
  ]);
  project.provide('postgres18', eighteen.url);
  project.provide('postgres15', fifteen.url);
  return async () => {
    await Promise.all([eighteen.stop(), fifteen.stop()]);
  };
}
