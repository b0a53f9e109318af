import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api';

/** A span as plain data: it can be sent to another process, drawn and printed. */
export interface PlainSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** What is read of the spans of an SDK. */
export interface EndedSpan {
  readonly name: string;
  readonly startTime: HrTime;
  readonly duration: HrTime;
  readonly status: { readonly code: number };
  readonly attributes: Attributes;
  readonly links: readonly { readonly context: SpanContext }[];
  readonly parentSpanContext?: SpanContext | undefined;
  spanContext(): SpanContext;
}

const errorStatus = 2;

export function plainSpan(span: EndedSpan): PlainSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    startMs: milliseconds(span.startTime),
    durationMs: milliseconds(span.duration),
    failed: span.status.code === errorStatus,
    attributes: { ...span.attributes },
    links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
  };
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1e3 + nanoseconds / 1e6;
}
