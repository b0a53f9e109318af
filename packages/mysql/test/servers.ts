import { startMariadb } from '@twiceproof/engines';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    mysql: string;
  }
}

/** One server for all test files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startMariadb();
  project.provide('mysql', server.url);
  return () => server.stop();
}
