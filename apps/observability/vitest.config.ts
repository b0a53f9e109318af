import { defineConfig } from 'vitest/config';

// One engine-heavy file at a time: two cores run the servers, too.
export default defineConfig({
  test: { retry: 1, testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false },
});
