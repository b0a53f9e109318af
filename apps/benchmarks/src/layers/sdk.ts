import { context, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  PeriodicExportingMetricReader,
  MeterProvider as SdkMeterProvider,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider as SdkTracerProvider } from '@opentelemetry/sdk-trace';

export interface Sdk {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
}

/**
 * An SDK set up as for production: every span is sampled and batched, metrics are collected
 * periodically. Only the exporters send nothing. It is not made the global one, so that calls with and
 * without it can take turns in one process.
 */
export function startSdk(cleanUp: AsyncDisposableStack): Sdk {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  cleanUp.defer(() => context.disable());
  const exporter = {
    export: (_items: unknown, done: (result: { code: 0 }) => void) => done({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerProvider = new SdkTracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  cleanUp.defer(() => tracerProvider.shutdown());
  const selectAggregationTemporality = () => AggregationTemporality.CUMULATIVE;
  const meterProvider = new SdkMeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: { ...exporter, selectAggregationTemporality },
        exportIntervalMillis: 10_000,
      }),
    ],
  });
  cleanUp.defer(() => meterProvider.shutdown());
  return { tracerProvider, meterProvider };
}
