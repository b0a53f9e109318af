export type { KeyLabel } from './key-label.ts';
export { attributeNames, metricNames, scopeName } from './names.ts';
export { openTelemetry } from './open-telemetry.ts';
export type { OpenTelemetryOptions } from './options.ts';
export { telemetryKey } from './telemetry-key.ts';
export {
  TwiceproofInstrumentation,
  type TwiceproofInstrumentationConfig,
} from './twiceproof-instrumentation.ts';
