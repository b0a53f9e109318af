import type { Instrumentation } from '@twiceproof/core';
import { promisesOfCall } from '@twiceproof/counting';
import { metrics, NodeSDK, type tracing } from 'opentelemetry-sdk-node-2';
import { afterAll, expect, it } from 'vitest';
import { openTelemetry } from '../src/index.ts';
import { chargeWith } from './charge-with.ts';

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

/** Promises and spans of a call on the average. */
async function costOf(call: (at: number) => Promise<unknown>) {
  ended = 0;
  const promises = await promisesOfCall(calls, call);
  return { promises, spans: ended / calls };
}

async function costs(instrumentation: Instrumentation) {
  const charge = chargeWith(instrumentation);
  return { first: await costOf(charge), replay: await costOf(charge) };
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
