import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Importing what is tested anew for each file costs more than most of its tests.
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
