import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { NodeSDK as NodeSDK3 } from '@opentelemetry/sdk-node';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { NodeSDK as NodeSDK2 } from 'opentelemetry-sdk-node-2';
import { afterEach, expect, test } from 'vitest';
import { TwiceproofInstrumentation } from './twiceproof-instrumentation.ts';

const created: TwiceproofInstrumentation[] = [];
afterEach(() => {
  for (const each of created.splice(0)) each.disable();
});

function instrumentation(
  ...config: ConstructorParameters<typeof TwiceproofInstrumentation>
): TwiceproofInstrumentation {
  const made = new TwiceproofInstrumentation(...config);
  created.push(made);
  return made;
}

/** Notes the names of the spans that are started with it. */
function notingProvider(): TracerProvider & { readonly started: readonly string[] } {
  const started: string[] = [];
  const tracer: Pick<Tracer, 'startSpan'> = {
    startSpan(name) {
      started.push(name);
      return trace.wrapSpanContext({
        traceId: '1'.repeat(32),
        spanId: '1'.repeat(16),
        traceFlags: 0,
      });
    },
  };
  return { started, getTracer: () => tracer as Tracer };
}

async function charge(): Promise<void> {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  await idempotency.execute({ operation: 'charge', key: 1 }, () => {});
}

test('the SDKs of both lines take it as an instrumentation', () => {
  for (const NodeSDK of [NodeSDK2, NodeSDK3]) {
    expect(() => new NodeSDK({ instrumentations: [instrumentation()] })).not.toThrow();
  }
});

test('it observes from its construction on, unless it is told not to', async () => {
  const provider = notingProvider();
  instrumentation({ enabled: false }).setTracerProvider(provider);
  await charge();
  expect(provider.started).toEqual([]);
  instrumentation().setTracerProvider(provider);
  await charge();
  expect(provider.started).toEqual(['execute charge', 'run charge']);
});

test('it is enabled and disabled at any time', async () => {
  const provider = notingProvider();
  const switched = instrumentation();
  switched.setTracerProvider(provider);
  switched.disable();
  expect(switched.getConfig()).toMatchObject({ enabled: false });
  await charge();
  expect(provider.started).toEqual([]);
  switched.enable();
  expect(switched.getConfig()).toMatchObject({ enabled: true });
  await charge();
  expect(provider.started).toEqual(['execute charge', 'run charge']);
});

test('another configuration holds from the next call on', async () => {
  const provider = notingProvider();
  const configured = instrumentation();
  configured.setTracerProvider(provider);
  configured.setConfig({ storeSpans: true });
  await charge();
  expect(provider.started).toEqual([
    'execute charge',
    'acquire memory',
    'run charge',
    'complete memory',
  ]);
});

test('a configuration that is wrong is refused when it is given', () => {
  expect(() => instrumentation({ storeSpans: 'yes' as never })).toThrow("storeSpans is 'yes'");
});

test('disabling one does not take away what another one registered since', async () => {
  const first = instrumentation();
  const provider = notingProvider();
  instrumentation().setTracerProvider(provider);
  first.disable();
  await charge();
  expect(provider.started).toHaveLength(2);
});
