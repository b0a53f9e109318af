import { defineConfig } from 'vitest/config';

// Generous: a busy machine is not a failure.
export default defineConfig({ test: { testTimeout: 60_000 } });
