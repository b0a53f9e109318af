import { context, diag, type Span, trace } from '@opentelemetry/api';
import type { Observation } from '@twiceproof/core';
import type { Failure } from './spans/end-span.ts';

/** Something under way that is told how it ended, and that its span is active in. */
export abstract class Observed implements Observation {
  readonly span: Span | undefined;

  constructor(span: Span | undefined) {
    this.span = span;
  }

  within<T>(work: () => T): T {
    const { span } = this;
    return span ? context.with(trace.setSpan(context.active(), span), work) : work();
  }

  end(failure: Failure | undefined): void {
    try {
      this.ended(failure);
    } catch (error) {
      unobserved(error);
    }
  }

  protected abstract ended(failure: Failure | undefined): void;
}

/** Calls `next` and answers what it answers, whatever becomes of telemetry. */
export function around<T>(observed: Observed | undefined, next: () => Promise<T>): Promise<T> {
  return observed ? endedLater(observed, next) : next();
}

async function endedLater<T>(observed: Observed, next: () => Promise<T>): Promise<T> {
  let value: T;
  try {
    value = await observed.within(next);
  } catch (error) {
    observed.end({ error });
    throw error;
  }
  observed.end(undefined);
  return value;
}

/** Telemetry that fails is reported to OpenTelemetry's own diagnostics, and to no caller. */
export function unobserved(error: unknown): undefined {
  diag.error('Twiceproof could not be observed', error);
}
