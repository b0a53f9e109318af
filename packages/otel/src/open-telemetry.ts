import { trace } from '@opentelemetry/api';
import type { CallInfo, Instrumentation, StoreOperationInfo } from '@twiceproof/core';
import { metersLookup } from './metrics/meters-of-process.ts';
import { around, unobserved } from './observed.ts';
import { noteWait, ObservedCall } from './observed-call.ts';
import { ObservedRequest } from './observed-request.ts';
import { type OpenTelemetryOptions, settingsOf } from './options.ts';
import { endRunSpan } from './spans/end-span.ts';
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

  // Undefined where nobody listens. Both are on the path of every call: no closures.
  const beginCall = (call: CallInfo): ObservedCall | undefined => {
    try {
      const meters = metersNow();
      const span = spans.execute(call);
      return meters || span ? new ObservedCall(call, span, meters, settings) : undefined;
    } catch (error) {
      return unobserved(error);
    }
  };
  const beginRequest = (info: StoreOperationInfo): ObservedRequest | undefined => {
    try {
      const meters = metersNow();
      const span = storeSpans ? spans.storeOperation(info) : undefined;
      return meters || span ? new ObservedRequest(info, span, meters) : undefined;
    } catch (error) {
      return unobserved(error);
    }
  };

  return {
    execute(call, next) {
      const observed = beginCall(call);
      return observed ? around(observed, next) : next();
    },

    run(call, next) {
      const span = quietly(() => spans.run(call));
      if (!span) return next();
      return around({ span, end: (failure) => endRunSpan(span, call, settings, failure) }, next);
    },

    wait(call, next) {
      const span = quietly(() => spans.wait(call));
      const startedAt = performance.now();
      const end = () => noteWait(call, { span, startedAt, endedAt: performance.now() });
      return around({ span, end }, next);
    },

    storeOperation(info, next) {
      const observed = beginRequest(info);
      return observed ? around(observed, next) : next();
    },

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
