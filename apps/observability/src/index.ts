export { combined } from './combined.ts';
export { callsOfKey, replayedKey } from './spans/calls-of-key.ts';
export type { PlainSpan } from './spans/plain-span.ts';
export { type SpanCollector, spanCollector } from './spans/span-collector.ts';
export {
  type DeliveredSpans,
  type SpanDeliveries,
  spanDeliveries,
} from './spans/span-deliveries.ts';
export { spanTree, type TreePaint } from './spans/span-tree.ts';
export {
  isTelemetryConfigured,
  otlpEnvironment,
  type RunningTelemetry,
  serviceNameOr,
  startTelemetry,
  type TelemetryOptions,
} from './start-telemetry.ts';
