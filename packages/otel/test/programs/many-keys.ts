// More keys than any backend wants to keep series for; each is executed once and replayed once.

import { metrics } from '@opentelemetry/api';
import { memoryStore } from '@twiceproof/memory';
import { report, telemetry } from './telemetry.ts';

const keys = 20_000;
const { create, start, shutdown } = telemetry('option');
start();
const charge = create({ store: memoryStore() }).wrap((id: number) => id, {
  operation: 'charge',
  key: (id) => id,
});

const provider = metrics.getMeterProvider() as ReturnType<typeof metrics.getMeterProvider> & {
  forceFlush(): Promise<void>;
};
for (let delivery = 0; delivery < 2; delivery++) {
  for (let id = 0; id < keys; id++) await charge(id);
  await provider.forceFlush();
}
await shutdown();
report({ keys });
