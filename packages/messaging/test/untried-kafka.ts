import { howToHaveKafka, kafkaIsAvailable } from '@twiceproof/engines';

/** Says in the last lines of a run that Kafka was not tried, and how to try it. */
export function teardown(): void {
  if (kafkaIsAvailable()) return;
  console.log(`\nKafka was not tried: ${howToHaveKafka}, and run the tests again.`);
}
