import { defineConfig } from 'vitest/config';

// Schedules are run on threads of their own; a busy machine is not a failure.
export default defineConfig({ test: { testTimeout: 1_800_000, maxWorkers: 1 } });
