// An SDK that starts after the first calls, ends, and is followed by another one.

import { context, metrics, trace } from '@opentelemetry/api';
import { memoryStore } from '@twiceproof/memory';
import { report, telemetry, type Wiring } from './telemetry.ts';

const wiring = process.argv[2] as Wiring;
const first = telemetry(wiring);
const gate = Promise.withResolvers<void>();
const charge = first
  .create({ store: memoryStore() })
  .wrap((id: string) => (id === 'in flight' ? gate.promise : undefined), {
    operation: 'charge',
    key: (id) => id,
  });

await charge('before');
const inFlight = charge('in flight');
first.start();
gate.resolve();
await inFlight;
await charge('under the first');
await first.shutdown();
for (const api of [trace, metrics, context]) api.disable();

await charge('between');
const second = telemetry(wiring);
second.start();
await charge('under the second');
await second.shutdown();

const keys = ['before', 'in flight', 'under the first', 'between', 'under the second'];
const ids = await Promise.all(keys.map((key) => charge.idOf(key)));
report(Object.fromEntries(keys.map((key, index) => [ids[index], key])));
