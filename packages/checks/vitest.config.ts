import { defineConfig } from 'vitest/config';

// Vitest starts a process for each file otherwise, which takes longer than most of the tests in it.
export default defineConfig({ test: { isolate: false, testTimeout: 60_000 } });
