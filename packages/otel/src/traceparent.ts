import { INVALID_TRACEID, type SpanContext } from '@opentelemetry/api';

/** W3C traceparent of a span; undefined for the span of nobody. */
export function formatTraceparent(span: SpanContext | undefined): string | undefined {
  if (span === undefined || span.traceId === INVALID_TRACEID) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return `00-${traceId}-${spanId}-${traceFlags < 16 ? '0' : ''}${traceFlags.toString(16)}`;
}

const w3c = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** The span that a traceparent points at; undefined if it is none. */
export function parseTraceparent(traceparent: string | undefined): SpanContext | undefined {
  if (traceparent === undefined || !w3c.test(traceparent)) return undefined;
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16),
    isRemote: true,
  };
}
