import { context, diag, type Span, trace } from '@opentelemetry/api';
import type { Failure } from './spans/end-span.ts';

/** Something under way that is told how it ended. */
export interface Observed {
  /** Active while it is under way. */
  readonly span: Span | undefined;
  end(failure: Failure | undefined): void;
}

/** Calls `next` and answers what it answers, whatever becomes of telemetry. */
export async function around<T>(observed: Observed, next: () => Promise<T>): Promise<T> {
  const { span } = observed;
  let value: T;
  try {
    value = await (span ? context.with(trace.setSpan(context.active(), span), next) : next());
  } catch (error) {
    end(observed, { error });
    throw error;
  }
  end(observed, undefined);
  return value;
}

function end(observed: Observed, failure: Failure | undefined): void {
  try {
    observed.end(failure);
  } catch (error) {
    unobserved(error);
  }
}

/** Telemetry that fails is reported to OpenTelemetry's own diagnostics, and to no caller. */
export function unobserved(error: unknown): undefined {
  diag.error('Twiceproof could not be observed', error);
}
