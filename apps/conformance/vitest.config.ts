import { defineConfig } from 'vitest/config';

// One engine-heavy file at a time: two cores run the servers, too.
export default defineConfig({
  test: { testTimeout: 1_500_000, hookTimeout: 180_000, fileParallelism: false },
});
