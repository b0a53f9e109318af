import type { Instrumentation } from '@twiceproof/core';
import { within } from '@twiceproof/core/toolkit';
import type { DeliveredSpans, PlainSpan } from '@twiceproof/observability';

/** Where spans go: to the URL of `--otlp`, which are counted; to a collector as the OTEL_* variables say; or
 * back to be shown. */
export type SpanTarget = 'otlp' | 'collector' | 'report';

export interface Observed {
  readonly instrumentation: Instrumentation;
  /** The spans that ended since the last time; none when they go to a collector. */
  takeSpans(): PlainSpan[];
  /** Sends what is left; gives up soon when nobody takes it. Answers what a collector took, if that is counted. */
  stop(): Promise<DeliveredSpans | undefined>;
}

/** Stands as the service in Jaeger, unless OTEL_SERVICE_NAME says another. */
export const serviceName = 'twiceproof-demo';
const mostMsToStop = 3_000;

/** Has every call make spans and metrics, beside what `own` does with it. */
export async function observe(target: SpanTarget, own?: Instrumentation): Promise<Observed> {
  const [{ combined, spanCollector, spanDeliveries, startTelemetry }, { openTelemetry }] =
    await Promise.all([import('@twiceproof/observability'), import('@twiceproof/otel')]);
  const collector = target === 'report' ? spanCollector() : undefined;
  const deliveries = target === 'otlp' ? spanDeliveries() : undefined;
  const telemetry = await startTelemetry({ serviceName, collector, deliveries });
  const spans = openTelemetry();
  return {
    instrumentation: own ? combined(own, spans) : spans,
    takeSpans: () => collector?.take() ?? [],
    async stop() {
      await within(telemetry.stop(), mostMsToStop, () => {});
      return deliveries?.counted();
    },
  };
}
