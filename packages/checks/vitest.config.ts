import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest starts a process for each file otherwise, which takes longer than most of the tests in it.
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
