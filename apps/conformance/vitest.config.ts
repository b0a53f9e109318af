import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 1,
    // The stacks mostly wait, while the comparison keeps a core busy.
    maxWorkers: 2,
    // Tens of thousands of operations on a slow machine take their time.
    testTimeout: 1_500_000,
    hookTimeout: 180_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
