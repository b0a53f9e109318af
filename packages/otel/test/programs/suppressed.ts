// Calls in a context in which nothing is to be traced.
import { createRequire } from 'node:module';
import { type Context, context } from '@opentelemetry/api';
import { memoryStore } from '@twiceproof/memory';
import { report, telemetry } from './telemetry.ts';

// The one that belongs to the SDK.
const { suppressTracing } = createRequire(import.meta.resolve('@opentelemetry/sdk-node'))(
  '@opentelemetry/core',
) as { suppressTracing(context: Context): Context };

const { create, start, shutdown } = telemetry('option', { storeSpans: true });
start();
const charge = create({ store: memoryStore() }).wrap((id: string) => id, {
  operation: 'charge',
  key: (id) => id,
});
await context.with(suppressTracing(context.active()), async () => {
  await charge('order-1');
  await charge('order-1');
});
await shutdown();
report({});
