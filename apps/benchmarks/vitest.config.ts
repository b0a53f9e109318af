import { defineConfig } from 'vitest/config';

// Generous: every benchmark starts its engine.
export default defineConfig({ test: { testTimeout: 120_000 } });
