import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Nest's decorators are legacy ones.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    retry: 1,
    // Importing Nest anew for each file costs more than most of its tests.
    isolate: false,
    // Generous: a busy machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine may leave this process alone for the second that it is by default.
    expect: { poll: { timeout: 20_000 } },
  },
});
