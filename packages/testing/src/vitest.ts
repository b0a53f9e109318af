import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Vitest from 'vitest';

/**
 * Vitest, for those who register a suite with it. An import would keep everything else of this package
 * from Jest and node:test. `require('vitest')` is refused, so its module is taken by its path; it is the
 * one that test files import.
 */
export function vitest(): typeof Vitest {
  const load = createRequire(import.meta.url);
  return load(join(dirname(load.resolve('vitest/package.json')), 'dist/index.js'));
}
