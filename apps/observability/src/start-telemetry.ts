import { context, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanCollector } from './spans/span-collector.ts';
import type { SpanDeliveries } from './spans/span-deliveries.ts';

export interface TelemetryOptions {
  /** Stands as the service in Jaeger and Grafana. */
  readonly serviceName: string;
  /** Takes the spans instead of an exporter; nothing leaves the process. */
  readonly collector?: SpanCollector | undefined;
  /** Sees what becomes of the spans. They are then sent by OTLP over HTTP, as `otlpEnvironment` says. */
  readonly deliveries?: SpanDeliveries | undefined;
}

export interface RunningTelemetry {
  /** Sends what is left. Never throws: a collector that is not there is no reason to fail. */
  stop(): Promise<void>;
}

/** The variables that have a program send its traces and metrics to a collector at `url`. */
export function otlpEnvironment(url: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'none',
    // A program that runs for seconds shall be seen while it runs.
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
  };
}

/** Whether the environment says that telemetry is sent somewhere. */
export function isTelemetryConfigured(env: NodeJS.ProcessEnv): boolean {
  return Object.keys(env).some((name) =>
    /^OTEL_(EXPORTER_OTLP_|(TRACES|METRICS)_EXPORTER$)/.test(name),
  );
}

/** Starts an SDK as the standard OTEL_* variables of the environment say, or on a collector. */
export async function startTelemetry({
  serviceName,
  collector,
  deliveries,
}: TelemetryOptions): Promise<RunningTelemetry> {
  return collector ? startOn(collector) : startSdk(serviceNameOr(serviceName), deliveries);
}

/** Loads nothing of the exporters, which cost a program more to load than all of the rest. */
async function startOn(collector: SpanCollector): Promise<RunningTelemetry> {
  const [{ TracerProvider }, { AsyncLocalStorageContextManager }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/context-async-hooks'),
  ]);
  const provider = new TracerProvider({ spanProcessors: [collector] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown() };
}

/** The name of the service that the environment gives, or this one. */
export function serviceNameOr(serviceName: string): string {
  return process.env.OTEL_SERVICE_NAME ?? serviceName;
}

async function startSdk(
  serviceName: string,
  deliveries: SpanDeliveries | undefined,
): Promise<RunningTelemetry> {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    serviceName,
    ...(deliveries && { spanProcessors: await countedProcessors(deliveries) }),
  });
  sdk.start();
  return {
    async stop() {
      await sdk.shutdown().catch(() => {});
    },
  };
}

async function countedProcessors(deliveries: SpanDeliveries): Promise<SpanProcessor[]> {
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  const exporter = deliveries.through(new OTLPTraceExporter());
  const batches = new BatchSpanProcessor({ exporter, scheduledDelayMillis: 500 });
  return [deliveries.processor, batches];
}
