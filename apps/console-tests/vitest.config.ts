import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    include: ['test/**/*.test.ts'],
    globalSetup: './src/start-chromium.ts',
    // Much of a test is waiting for the page, which another one can use.
    maxWorkers: 2,
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
