import { type Attributes, context, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@twiceproof/core';
import type { Sdk } from './sdk.ts';

const original = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
  isRemote: true,
};

/**
 * The least that has to be asked of an SDK for the span of a replay and its two durations, with all that
 * could be known beforehand written down. What this costs is the SDK's price, whoever asks.
 */
export function handWritten({ tracerProvider, meterProvider }: Sdk): Instrumentation {
  const tracer = tracerProvider.getTracer('by-hand');
  const meter = meterProvider.getMeter('by-hand');
  const callDuration = meter.createHistogram('call.duration', { unit: 's' });
  const requestDuration = meter.createHistogram('request.duration', { unit: 's' });
  const call: Attributes = { operation: 'charge-payment', outcome: 'replayed', store: 'any' };
  const request: Attributes = { operation: 'acquire', outcome: 'existing', store: 'any' };
  return {
    async execute({ id }, next) {
      const startedAt = performance.now();
      const span = tracer.startSpan('execute charge-payment', { attributes: call });
      try {
        return await context.with(trace.setSpan(context.active(), span), next);
      } finally {
        const { traceId, spanId } = original;
        span.setAttributes({ id: id!, run: 0, environment: 'benchmark', traceId, spanId });
        span.addLink({ context: original });
        span.end();
        const seconds = (performance.now() - startedAt) / 1_000;
        callDuration.record(seconds, call);
        requestDuration.record(seconds, request);
      }
    },
  };
}
