export { combined } from './combined.ts';
export { callsOfKey, replayedKey } from './spans/calls-of-key.ts';
export type { PlainSpan } from './spans/plain-span.ts';
export { type SpanCollector, spanCollector } from './spans/span-collector.ts';
export { spanTree, type TreePaint } from './spans/span-tree.ts';
export {
  isTelemetryConfigured,
  otlpEnvironment,
  type RunningTelemetry,
  startTelemetry,
  type TelemetryOptions,
} from './start-telemetry.ts';
