import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Importing core and the SDKs anew for each file costs more than most of its tests.
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
