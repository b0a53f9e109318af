import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: './test/start-servers.ts',
    // Importing core and PGlite anew for each file costs more than most of its tests.
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
