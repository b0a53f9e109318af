import { defineConfig } from 'vitest/config';

// 100,000 operations on a slow machine take their time.
export default defineConfig({ test: { testTimeout: 1_500_000, hookTimeout: 180_000 } });
