import type { ExportRequest, WireSpan } from './decode.ts';
import { type Attributes, readAttributes } from './read-attributes.ts';

interface ReceivedLink {
  readonly traceId: string;
  readonly spanId: string;
}

export interface ReceivedSpan extends Omit<WireSpan, 'attributes' | 'links' | 'status'> {
  readonly scope: string;
  readonly schemaUrl: string;
  readonly attributes: Attributes;
  readonly links: readonly ReceivedLink[];
  readonly status: string;
}

export function readSpans(requests: readonly ExportRequest[]): ReceivedSpan[] {
  const spans: ReceivedSpan[] = [];
  for (const { resourceSpans = [] } of requests) {
    for (const { scope, schemaUrl, spans: wire } of resourceSpans.flatMap(
      (each) => each.scopeSpans,
    )) {
      spans.push(
        ...wire.map((span) => readSpan(`${scope.name}@${scope.version}`, schemaUrl, span)),
      );
    }
  }
  return spans;
}

function readSpan(scope: string, schemaUrl: string, span: WireSpan): ReceivedSpan {
  return {
    ...span,
    scope,
    schemaUrl,
    ...ids(span),
    parentSpanId: hex(span.parentSpanId),
    attributes: readAttributes(span.attributes),
    links: span.links.map(ids),
    status: span.status.message === '' ? span.status.code : `${span.status.code} with a message`,
  };
}

function ids({ traceId, spanId }: ReceivedLink): ReceivedLink {
  return { traceId: hex(traceId), spanId: hex(spanId) };
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
