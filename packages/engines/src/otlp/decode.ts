import root from 'otlp-messages/build/src/generated/root.js';

/** What a request of an exporter holds, as far as the tests read it. */
export interface ExportRequest {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly ScopeSpans[] }[];
  readonly resourceMetrics?: readonly { readonly scopeMetrics: readonly ScopeMetrics[] }[];
}

interface Scope {
  readonly name: string;
  readonly version: string;
}

interface ScopeSpans {
  readonly scope: Scope;
  readonly schemaUrl: string;
  readonly spans: readonly WireSpan[];
}

interface ScopeMetrics {
  readonly scope: Scope;
  readonly schemaUrl: string;
  readonly metrics: readonly WireMetric[];
}

export interface WireAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

export interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly WireAttribute[];
  readonly events: readonly unknown[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: string; readonly message: string };
}

export interface WirePoint {
  readonly attributes: readonly WireAttribute[];
  readonly asInt?: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly string[];
}

export interface WireMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly sum?: {
    readonly isMonotonic: boolean;
    readonly aggregationTemporality: string;
    readonly dataPoints: readonly WirePoint[];
  };
  readonly histogram?: { readonly dataPoints: readonly WirePoint[] };
}

interface MessageType {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): ExportRequest;
}

// biome-ignore lint/suspicious/noExplicitAny: generated without types
const { collector } = (root as any).opentelemetry.proto;
const messages: Readonly<Record<string, MessageType>> = {
  '/v1/traces': collector.trace.v1.ExportTraceServiceRequest,
  '/v1/metrics': collector.metrics.v1.ExportMetricsServiceRequest,
};

/** Decodes the body of a request to this path. */
export function decode(path: string, body: Uint8Array): ExportRequest {
  const message = messages[path];
  if (!message) throw new Error(`an exporter sent something to ${path}`);
  const options = { bytes: String, longs: String, enums: String, defaults: true, arrays: true };
  return message.toObject(message.decode(body), { ...options, oneofs: false });
}
