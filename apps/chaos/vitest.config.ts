import { defineConfig } from 'vitest/config';

// Generous: each test starts an engine, and faults last longer than leases.
export default defineConfig({
  test: { testTimeout: 400_000, fileParallelism: false, maxConcurrency: 6 },
});
