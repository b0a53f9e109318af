import { createHook } from 'node:async_hooks';
import { createIdempotency, type Instrumentation } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { metrics, NodeSDK, type tracing } from 'opentelemetry-sdk-node-2';
import { afterAll, expect, it } from 'vitest';
import { openTelemetry } from '../src/index.ts';

const calls = 100;

/** Counts the spans that a real SDK gives it. */
let ended = 0;
const counting: tracing.SpanProcessor = {
  onStart() {},
  onEnd() {
    ended++;
  },
  async forceFlush() {},
  async shutdown() {},
};
const sdk = new NodeSDK({
  spanProcessors: [counting],
  metricReaders: [
    new metrics.PeriodicExportingMetricReader({
      exporter: new metrics.InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE),
      // Never, as far as this test goes: what an export takes is no call's.
      exportIntervalMillis: 2 ** 30,
    }),
  ],
  instrumentations: [],
  autoDetectResources: false,
});
sdk.start();
afterAll(() => sdk.shutdown());

/** Promises and spans that a call takes on the average, the promises of its caller included. */
async function costOf(call: (at: number) => Promise<unknown>) {
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises++;
    },
  });
  ended = 0;
  hook.enable();
  for (let at = 0; at < calls; at++) await call(at);
  hook.disable();
  // The runner makes a few meanwhile.
  return { promises: Math.round(promises / calls), spans: ended / calls };
}

async function costs(instrumentation: Instrumentation) {
  const { wrap } = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    instrumentation,
  });
  const charge = wrap(async (id: string) => ({ id }), { operation: 'charge', key: (id) => id });
  const call = (at: number) => charge(`payment-${at}`);
  return { first: await costOf(call), replay: await costOf(call) };
}

it('with an SDK a first is two spans and a replay one, and neither makes many promises', async () => {
  const observed = await costs(openTelemetry());
  expect(observed.first.spans).toBe(2);
  expect(observed.replay.spans).toBe(1);
  expect(observed.first.promises).toBeLessThanOrEqual(24);
  expect(observed.replay.promises).toBeLessThanOrEqual(10);
});

it('requests to the store are spans of their own where that is asked for, and cost no promise', async () => {
  const observed = await costs(openTelemetry());
  const { first, replay } = await costs(openTelemetry({ storeSpans: true }));
  expect(first).toEqual({ promises: observed.first.promises, spans: 4 });
  expect(replay).toEqual({ promises: observed.replay.promises, spans: 2 });
});
