import { defineConfig } from 'vitest/config';

// A busy machine is not a failure.
export default defineConfig({ test: { testTimeout: 120_000 } });
