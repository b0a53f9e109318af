import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './src/have-chromium.ts',
    // Each file has a browser: side by side they would only slow each other.
    fileParallelism: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
