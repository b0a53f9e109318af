import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/build-site.ts',
    isolate: false,
    fileParallelism: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
