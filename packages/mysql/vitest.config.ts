import { defineConfig } from 'vitest/config';

// Generous: a busy machine is not a failure.
export default defineConfig({
  test: {
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
    globalSetup: './test/servers.ts',
  },
});
