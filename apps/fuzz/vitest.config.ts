import { defineConfig } from 'vitest/config';

// A million inputs take seconds; a busy machine is not a failure.
export default defineConfig({ test: { testTimeout: 120_000, maxWorkers: 1 } });
