import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** They measure their process, or change what there is one of in it. */
const ownProcess = [
  'src/codec/foreign-extension.test.ts',
  ...['cost-per-call', 'disabled-switch', 'garbage', 'two-copies'].map(
    (name) => `test/${name}.test.ts`,
  ),
];

// Core's tests run on the real memory store. Its package depends on this one, so it is taken from
// its source here, on the same copy of core that is under test.
export default defineConfig({
  test: {
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: 'a process each', include: ownProcess } },
      {
        extends: true,
        // Importing core anew for each file costs more than most of its tests.
        test: {
          name: 'one process',
          exclude: [...configDefaults.exclude, ...ownProcess],
          isolate: false,
        },
      },
    ],
  },
  resolve: {
    alias: {
      '@twiceproof/core/toolkit': source('./src/toolkit/index.ts'),
      '@twiceproof/core': source('./src/index.ts'),
      '@twiceproof/memory': source('../memory/src/index.ts'),
      '@twiceproof/testing/clock': source('../testing/src/virtual-clock.ts'),
    },
  },
});
