import type { ReceivedSpan } from '@twiceproof/engines/otlp';

/** A trace as indented names in the order of their start, with the outcomes of calls. */
export function traceOutline(spans: readonly ReceivedSpan[], traceId: string): string[] {
  const trace = spans.filter((span) => span.traceId === traceId);
  const children = (parentSpanId: string, indent: string): string[] =>
    trace
      .filter((span) => span.parentSpanId === parentSpanId)
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
      .flatMap((span) => [`${indent}${labelOf(span)}`, ...children(span.spanId, `${indent}  `)]);
  return children('', '');
}

function labelOf({ name, attributes }: ReceivedSpan): string {
  const outcome = attributes['idempotency.outcome'];
  return outcome === undefined ? name : `${name}: ${outcome}`;
}
