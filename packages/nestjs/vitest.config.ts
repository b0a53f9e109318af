import { defineConfig } from 'vitest/config';

// Generous: a busy machine is not a failure. Nest's decorators are legacy ones.
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { retry: 1, testTimeout: 60_000, hookTimeout: 60_000 },
});
