import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Starting a server, or fetching it the first time, takes longer than a unit test may.
  test: {
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
