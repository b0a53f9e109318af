import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A busy machine may take long over what is not being measured.
  test: { retry: 1, include: ['src/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
