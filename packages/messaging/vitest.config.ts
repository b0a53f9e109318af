import { kafkaIsAvailable } from '@twiceproof/engines';
import { configDefaults, defineConfig } from 'vitest/config';

// Where everything has to be tested, a missing Kafka is a failure.
const withoutKafka = !kafkaIsAvailable() && !process.env.CI;

export default defineConfig({
  test: {
    retry: 1,
    globalSetup: './test/untried-kafka.ts',
    exclude: [...configDefaults.exclude, ...(withoutKafka ? ['test/kafka/**'] : [])],
    // Importing core and the clients anew for each file costs more than most of its tests.
    isolate: false,
    // Each file starts a broker, which needs a core for a while.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
