import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    globalSetup: './test/prepared-state.ts',
    // Each test runs the whole program, with its workers: side by side they would only slow each other.
    fileParallelism: false,
    unstubEnvs: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
