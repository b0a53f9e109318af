import { defineConfig } from 'vitest/config';

// Generous: a busy machine is not a failure.
export default defineConfig({
  test: {
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: './test/servers.ts',
  },
});
