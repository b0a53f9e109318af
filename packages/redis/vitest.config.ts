import { configDefaults, defineConfig } from 'vitest/config';

/** They measure their process, or take the most of its time anyway. */
const ownProcess = ['cost-per-call', 'failover', 'moved-slots', 'swap'].map(
  (name) => `test/${name}.test.ts`,
);

export default defineConfig({
  test: {
    retry: 1,
    // Starting a server, or fetching it the first time, takes longer than a unit test may.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'a process each', include: ownProcess } },
      {
        extends: true,
        test: {
          name: 'one process',
          exclude: [...configDefaults.exclude, ...ownProcess],
          // Importing core and the clients anew for each file costs more than most of its tests.
          isolate: false,
        },
      },
    ],
  },
});
