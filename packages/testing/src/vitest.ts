import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { IdempotencyError } from '@twiceproof/core';
import type * as Vitest from 'vitest';

/**
 * Vitest, for those who register a suite with it. An import would keep everything else of this package
 * from Jest and node:test. `require('vitest')` is refused, so its module is taken by its path; it is the
 * one that test files import.
 */
export function vitest(): typeof Vitest {
  const load = createRequire(import.meta.url);
  return load(join(dirname(manifestOf(load)), 'dist/index.js'));
}

function manifestOf(load: NodeJS.Require): string {
  try {
    return load.resolve('vitest/package.json');
  } catch (cause) {
    const message =
      'suites are registered with Vitest, which is not installed: npm install --save-dev vitest; runStoreSuite() needs no test runner';
    throw new IdempotencyError('OPTIONS_INVALID', message, { cause });
  }
}
