import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Importing what is tested anew for each file costs more than most of its tests.
    isolate: false,
  },
});
