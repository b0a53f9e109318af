import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    include: ['src/**/*.test.ts'],
    // Importing core and the AWS SDK anew for each file costs more than most of its tests.
    isolate: false,
    // A busy machine may take long over what is not being measured.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
