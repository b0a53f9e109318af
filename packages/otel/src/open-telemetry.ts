import type { CallInfo, Instrumentation } from '@idemkit/core';
import { context, diag, type Span, trace } from '@opentelemetry/api';
import { metersLookup } from './metrics/meters-of-process.ts';
import { noteWait, ObservedCall } from './observed-call.ts';
import { type OpenTelemetryOptions, settingsOf } from './options.ts';
import { endRunSpan, endStoreSpan, type Failure } from './spans/end-span.ts';
import { spanFactory } from './spans/span-factory.ts';
import { formatTraceparent } from './traceparent.ts';

/**
 * Spans and metrics of every call, on the OpenTelemetry API alone: without an SDK nothing is
 * recorded, and the SDK may start later. Inputs and results are never recorded. Throws
 * `OPTIONS_INVALID` naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { createIdempotency, type Store } from '@idemkit/core';
 * import { openTelemetry } from '@idemkit/otel';
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

  return {
    execute(call, next) {
      const observed = quietly(() => {
        const meters = metersNow();
        const span = spans.execute(call);
        return meters || span ? new ObservedCall(call, span, meters, settings) : undefined;
      });
      if (!observed) return next();
      return observe(observed.span, next, (failure) => observed.end(failureOf(call, failure)));
    },

    run(call, next) {
      const span = quietly(() => spans.run(call));
      if (!span) return next();
      return observe(span, next, (failure) => endRunSpan(span, call, settings, failure));
    },

    wait(call, next) {
      const span = quietly(() => spans.wait(call));
      const startedAt = performance.now();
      return observe(span, next, () =>
        noteWait(call, { span, startedAt, endedAt: performance.now() }),
      );
    },

    storeOperation(info, next) {
      const span = storeSpans ? quietly(() => spans.storeOperation(info)) : undefined;
      const meters = quietly(metersNow);
      if (!span && !meters) return next();
      const startedAt = performance.now();
      return observe(span, next, (failure) => {
        meters?.storeOperation(info, (performance.now() - startedAt) / 1_000);
        if (span) endStoreSpan(span, info.outcome, failure);
      });
    },

    traceparent: () => formatTraceparent(trace.getActiveSpan()?.spanContext()),
    leaseLost: (call) => quietly(() => metersNow()?.leaseLost(call)),
    resultEncoded: (call, bytes) => quietly(() => metersNow()?.resultEncoded(call, bytes)),
    tierLookup: (storeName, hit) => quietly(() => metersNow()?.tierLookup(storeName, hit)),
  };
}

/** Calls `next` with the span active, and tells how it ended. */
async function observe<T>(
  span: Span | undefined,
  next: () => Promise<T>,
  ended: (failure: Failure | undefined) => void,
): Promise<T> {
  let value: T;
  try {
    value = await (span ? context.with(trace.setSpan(context.active(), span), next) : next());
  } catch (error) {
    quietly(() => ended({ error, thrown: true }));
    throw error;
  }
  quietly(() => ended(undefined));
  return value;
}

/** A call may be answered although something went wrong, e.g. when its result could not be recorded. */
function failureOf(call: CallInfo, failure: Failure | undefined): Failure | undefined {
  if (failure || call.error === undefined) return failure;
  return { error: call.error, thrown: false };
}

/** Telemetry that fails is reported to OpenTelemetry's own diagnostics, and to no caller. */
function quietly<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch (error) {
    diag.error('Idemkit could not be observed', error);
    return undefined;
  }
}
