import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Core's tests run on the real memory store. Its package depends on this one, so it is taken from
// its source here, on the same copy of core that is under test.
export default defineConfig({
  // Generous: a busy machine is not a failure.
  test: { testTimeout: 60_000 },
  resolve: {
    alias: {
      '@twiceproof/core/toolkit': source('./src/toolkit/index.ts'),
      '@twiceproof/core': source('./src/index.ts'),
      '@twiceproof/memory': source('../memory/src/index.ts'),
      '@twiceproof/testing/clock': source('../testing/src/virtual-clock.ts'),
    },
  },
});
