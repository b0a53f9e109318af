// Everything is wired, and nobody has registered an SDK.

import { metrics, trace } from '@opentelemetry/api';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { openTelemetry, TwiceproofInstrumentation } from '../../src/index.ts';
import { ending, report } from './telemetry.ts';

new TwiceproofInstrumentation({ storeSpans: true });
const endings: string[] = [];
const traceparents: unknown[] = [];
for (const instrumentation of [undefined, openTelemetry({ storeSpans: true })]) {
  const idempotency = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    ...(instrumentation && { instrumentation }),
  });
  const charge = idempotency.wrap(
    (id: string) => {
      if (id === 'declined') throw new Error('declined');
      return trace.getActiveSpan() === undefined;
    },
    { operation: 'charge', key: (id) => id, inProgress: 'wait' },
  );
  const [first, second] = await Promise.all([charge('order-1'), charge('order-1')]);
  endings.push(String(first && second), await ending(charge('declined')));
  const { records } = await idempotency.records.list({});
  traceparents.push(...records.map(({ traceparent }) => traceparent ?? null));
}
report({ endings, traceparents, meter: metrics.getMeter('any').constructor.name });
