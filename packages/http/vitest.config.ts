import { configDefaults, defineConfig } from 'vitest/config';

/** They measure their process, or give it another Request and Response. */
const ownProcess = ['garbage', 'hono-node-server', 'promises'].map(
  (name) => `test/${name}.test.ts`,
);

export default defineConfig({
  test: {
    retry: 1,
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'a process each', include: ownProcess } },
      {
        extends: true,
        test: {
          name: 'one process',
          exclude: [...configDefaults.exclude, ...ownProcess],
          // Importing core and the servers anew for each file costs more than most of its tests.
          isolate: false,
        },
      },
    ],
  },
});
