import { INVALID_TRACEID, type SpanContext } from '@opentelemetry/api';

/** W3C traceparent of a span; undefined for the span of nobody. */
export function formatTraceparent(span: SpanContext | undefined): string | undefined {
  if (span === undefined || span.traceId === INVALID_TRACEID) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return `00-${traceId}-${spanId}-${traceFlags < 16 ? '0' : ''}${traceFlags.toString(16)}`;
}

const w3c =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

/** The span that a traceparent points at; undefined if it is none. */
export function parseTraceparent(traceparent: string | undefined): SpanContext | undefined {
  const parts = traceparent === undefined ? null : w3c.exec(traceparent);
  if (!parts) return undefined;
  return {
    traceId: parts[1]!,
    spanId: parts[2]!,
    traceFlags: Number.parseInt(parts[3]!, 16),
    isRemote: true,
  };
}
