import type { Meter, MeterProvider } from '@opentelemetry/api';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { metrics, tracing } from 'opentelemetry-sdk-node-2';
import { expect, test } from 'vitest';
import { openTelemetry } from '../src/index.ts';

const broken = (): never => {
  throw new Error('it is broken');
};

/** A real meter, of which one part fails. */
function withBroken(part: keyof Meter): MeterProvider {
  const meter = new metrics.MeterProvider().getMeter('any');
  return { getMeter: () => Object.assign(Object.create(meter) as Meter, { [part]: broken }) };
}

/** Histograms that are made, and then record nothing. */
function withBrokenRecord(): MeterProvider {
  const meter = new metrics.MeterProvider().getMeter('any');
  const createHistogram = () => ({ record: broken });
  return { getMeter: () => Object.assign(Object.create(meter) as Meter, { createHistogram }) };
}

test.each([
  ['answers no meter', { getMeter: broken }],
  ['makes no counter', withBroken('createObservableCounter')],
  ['makes no histogram', withBroken('createHistogram')],
  ['records nothing', withBrokenRecord()],
  ['is whole', new metrics.MeterProvider()],
])('a provider that %s leaves no span open, and every call as it is', async (_, meterProvider) => {
  const exporter = new tracing.InMemorySpanExporter();
  const tracerProvider = new tracing.BasicTracerProvider({
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  });
  const instrumentation = openTelemetry({ meterProvider, tracerProvider, storeSpans: true });
  const { wrap } = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    instrumentation,
  });
  const charge = wrap(async (id: string) => id, { operation: 'charge', key: (id) => id });
  expect(await charge('p-1')).toBe('p-1');
  expect(await charge('p-1')).toBe('p-1');
  const ended = exporter.getFinishedSpans().map(({ name }) => name);
  expect(ended.sort()).toEqual([
    'acquire memory',
    'acquire memory',
    'complete memory',
    'execute charge',
    'replay charge',
    'run charge',
  ]);
});
