import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: './test/start-engines.ts',
    // Importing core and the drivers anew for each file costs more than most of its tests.
    isolate: false,
    // Any credentials will do for the emulator; the client wants some.
    env: { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
    // Generous: a busy machine is not a failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
