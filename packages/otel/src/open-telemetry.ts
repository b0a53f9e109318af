import { trace } from '@opentelemetry/api';
import type {
  CallInfo,
  Instrumentation,
  InstrumentationHooks,
  StoreOperationInfo,
} from '@twiceproof/core';
import { metersLookup } from './metrics/meters-of-process.ts';
import { around, type Observed, unobserved } from './observed.ts';
import { ObservedCall } from './observed-call.ts';
import { ObservedRequest } from './observed-request.ts';
import { ObservedRun } from './observed-run.ts';
import { ObservedWait } from './observed-wait.ts';
import { type OpenTelemetryOptions, settingsOf } from './options.ts';
import { spanFactory } from './spans/span-factory.ts';
import { formatTraceparent } from './traceparent.ts';

/**
 * Spans and metrics of every call, on the OpenTelemetry API alone: without an SDK nothing is
 * recorded, and the SDK may start later. Inputs and results are never recorded. Throws
 * `OPTIONS_INVALID` naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { createIdempotency, type Store } from '@twiceproof/core';
 * import { openTelemetry } from '@twiceproof/otel';
 *
 * declare const store: Store;
 * const idempotency = createIdempotency({
 *   environment: 'prod',
 *   store,
 *   instrumentation: openTelemetry({ keyLabel: { max: 100 } }),
 * });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
  const settings = settingsOf(options);
  const { storeSpans } = settings;
  const spans = spanFactory(options.tracerProvider, settings);
  const metersNow = metersLookup(options.meterProvider);

  // Undefined where nobody listens. They are on the path of every call: no closures.
  const beginCall = (call: CallInfo): Observed | undefined => {
    try {
      const meters = metersNow();
      if (!meters && !spans.isHeard) return undefined;
      const span = spans.execute(call);
      return meters || span ? new ObservedCall(call, span, meters, settings) : undefined;
    } catch (error) {
      return unobserved(error);
    }
  };
  const beginRun = (call: CallInfo): Observed | undefined => {
    try {
      const span = spans.run(call);
      return span && new ObservedRun(call, span, settings);
    } catch (error) {
      return unobserved(error);
    }
  };
  const beginRequest = (info: StoreOperationInfo): Observed | undefined => {
    try {
      const meters = metersNow();
      const span = storeSpans ? spans.storeOperation(info) : undefined;
      return meters || span ? new ObservedRequest(info, span, meters) : undefined;
    } catch (error) {
      return unobserved(error);
    }
  };

  const methods: InstrumentationHooks['of'] = {
    execute: (call, next) => around(beginCall(call), next),
    run: (call, next) => around(beginRun(call), next),
    storeOperation: (info, next) => around(beginRequest(info), next),
  };
  return {
    ...methods,
    hooks: { of: methods, execute: beginCall, run: beginRun, storeOperation: beginRequest },
    wait: (call, next) =>
      around(
        new ObservedWait(
          call,
          quietly(() => spans.wait(call)),
        ),
        next,
      ),

    traceparent: () => formatTraceparent(trace.getActiveSpan()?.spanContext()),
    leaseLost: (call) => quietly(() => metersNow()?.leaseLost(call)),
    resultEncoded: (call, bytes) => quietly(() => metersNow()?.resultEncoded(call, bytes)),
    operatorAction: (info) => quietly(() => spans.operatorAction(info)?.end()),
    tierLookup: (storeName, hit) => quietly(() => metersNow()?.tierLookup(storeName, hit)),
  };
}

function quietly<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch (error) {
    return unobserved(error);
  }
}
