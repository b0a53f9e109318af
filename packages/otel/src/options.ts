import type { Attributes, MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { CallInfo } from '@twiceproof/core';
import { checkCount, checkNames, checkSwitch, invalidOption } from '@twiceproof/core/toolkit';
import type { KeyLabel } from './key-label.ts';
import { telemetryKey } from './telemetry-key.ts';

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions {
  /** The key label of the counter of executions. Default: the record id, for the first 200 distinct
   * ones of a process. */
  readonly keyLabel?: KeyLabel | undefined;
  /** Records the readable key as `idempotency.key.parts` on the span of the call. It may be personal
   * data. Default `false`. */
  readonly keyParts?: boolean | undefined;
  /** Replaces the digest of record ids in spans and labels by an HMAC, see `telemetryKey`. Default
   * none: a digest tells nothing, except to somebody who can guess the key. */
  readonly keySecret?: string | Uint8Array | undefined;
  /** Attributes for the span of the call and the `run` span, e.g. an order id; asked when the span ends, and
   * only if it is recorded. */
  readonly spanAttributes?: ((call: CallInfo) => Attributes | undefined) | undefined;
  /** A span for each request to the store. Default `false`: instrumented drivers make their own. */
  readonly storeSpans?: boolean | undefined;
  /** Default: the global one, also if it is set later. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the global one, also if it is set later. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** The options, checked and complete. */
export interface Settings {
  readonly labelOf: ((call: CallInfo) => string | undefined) | undefined;
  readonly maxLabels: number;
  readonly keyParts: boolean;
  readonly keyOf: (recordId: string) => string;
  readonly spanAttributes: ((call: CallInfo) => Attributes | undefined) | undefined;
  readonly storeSpans: boolean;
}

const defaultMaxLabels = 200;
/** With room below the 2,000 series that an SDK keeps for one instrument. */
const mostLabels = 1_500;

const optionNames: readonly string[] = [
  'keyLabel',
  'keyParts',
  'keySecret',
  'spanAttributes',
  'storeSpans',
  'tracerProvider',
  'meterProvider',
] satisfies (keyof OpenTelemetryOptions)[];

export function settingsOf(options: OpenTelemetryOptions): Settings {
  checkNames(options, optionNames, 'openTelemetry');
  const {
    keyLabel = {},
    keyParts = false,
    keySecret,
    spanAttributes,
    storeSpans = false,
  } = options;
  if (spanAttributes !== undefined && typeof spanAttributes !== 'function') {
    throw invalidOption(
      'spanAttributes is no function; give one that answers attributes for a call',
    );
  }
  checkSwitch(keyParts, 'keyParts');
  checkSwitch(storeSpans, 'storeSpans');
  const keyOf = keyOfSecret(keySecret);
  const labels = labelsOf(keyLabel, ({ id }) => (id === undefined ? undefined : keyOf(id)));
  return { ...labels, keyParts, keyOf, spanAttributes, storeSpans };
}

function labelsOf(
  keyLabel: KeyLabel,
  byId: (call: CallInfo) => string | undefined,
): Pick<Settings, 'labelOf' | 'maxLabels'> {
  if (keyLabel === 'off') return { labelOf: undefined, maxLabels: 0 };
  if (typeof keyLabel === 'function') return { labelOf: keyLabel, maxLabels: defaultMaxLabels };
  if (typeof keyLabel !== 'object' || keyLabel === null) {
    throw invalidOption(
      `keyLabel is ${String(keyLabel)}; give 'off', a function, or { max, label }`,
    );
  }
  const { max = defaultMaxLabels, label = byId } = keyLabel;
  checkCount(max, 'keyLabel.max', mostLabels);
  if (typeof label !== 'function') {
    throw invalidOption('keyLabel.label is no function; give one that answers a label for a call');
  }
  return { labelOf: label, maxLabels: max };
}

function keyOfSecret(keySecret: unknown): (recordId: string) => string {
  if (keySecret === undefined) return (recordId) => recordId;
  if (
    !(typeof keySecret === 'string' || keySecret instanceof Uint8Array) ||
    keySecret.length === 0
  ) {
    throw invalidOption('keySecret is no secret; give a non-empty string or bytes');
  }
  return (recordId) => telemetryKey(recordId, keySecret);
}
