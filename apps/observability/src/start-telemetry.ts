import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanCollector } from './spans/span-collector.ts';

export interface TelemetryOptions {
  /** Stands as the service in Jaeger and Grafana. */
  readonly serviceName: string;
  /** Takes the spans instead of an exporter; nothing leaves the process. */
  readonly collector?: SpanCollector | undefined;
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
export function startTelemetry({ serviceName, collector }: TelemetryOptions): RunningTelemetry {
  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? serviceName,
    ...(collector && { spanProcessors: [collector], metricReaders: [] }),
  });
  sdk.start();
  return {
    async stop() {
      await sdk.shutdown().catch(() => {});
    },
  };
}
