import { configDefaults, defineConfig } from 'vitest/config';

/** It measures its process. */
const ownProcess = ['src/heap.test.ts'];

export default defineConfig({
  test: {
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'a process of its own', include: ownProcess } },
      {
        extends: true,
        test: {
          name: 'one process',
          exclude: [...configDefaults.exclude, ...ownProcess],
          // Importing core anew for each file costs more than most of its tests.
          isolate: false,
        },
      },
    ],
  },
});
