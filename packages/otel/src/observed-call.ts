import { diag, type Span } from '@opentelemetry/api';
import type { CallInfo } from '@twiceproof/core';
import { errorTypeOf } from './error-type.ts';
import type { Meters } from './metrics/meters.ts';
import type { OperationMeters } from './metrics/operation-meters.ts';
import { Observed, unobserved } from './observed.ts';
import { waitsOf } from './observed-wait.ts';
import type { Settings } from './options.ts';
import { endExecuteSpan, endWaitSpan, type Failure } from './spans/end-span.ts';

/** A call under way, for as long as it takes. */
export class ObservedCall extends Observed {
  readonly #call: CallInfo;
  readonly #settings: Settings;
  readonly #meters: Meters | undefined;
  readonly #operation: OperationMeters | undefined;
  readonly #startedAt = performance.now();

  constructor(
    call: CallInfo,
    span: Span | undefined,
    meters: Meters | undefined,
    settings: Settings,
  ) {
    super(span);
    this.#call = call;
    this.#meters = meters;
    this.#settings = settings;
    try {
      this.#operation = meters?.begin(call);
    } catch (error) {
      unobserved(error);
    }
  }

  protected override ended(thrown: Failure | undefined): void {
    const failure = thrown ?? quietFailure(this.#call);
    const endedAt = performance.now();
    const outcome = this.#call.outcome ?? (thrown ? 'failed' : 'executed');
    const noted = waitsOf(this.#call);
    try {
      if (this.#meters && this.#operation) {
        for (const { seconds } of noted ?? []) this.#meters.waited(this.#call, outcome, seconds);
        this.#meters.end(this.#operation, {
          outcome,
          errorType: failure && errorTypeOf(failure.error),
          label: this.#label(this.#meters),
          seconds: (endedAt - this.#startedAt) / 1_000,
        });
      }
    } finally {
      // Whatever the meters do.
      for (const { span, endedAt } of noted ?? []) if (span) endWaitSpan(span, outcome, endedAt);
      if (this.span) endExecuteSpan(this.span, this.#call, outcome, this.#settings, failure);
    }
  }

  #label(meters: Meters): string | undefined {
    const { labelOf, maxLabels } = this.#settings;
    try {
      const label = labelOf?.(this.#call);
      return typeof label === 'string' ? meters.boundedLabel(label, maxLabels) : undefined;
    } catch (error) {
      diag.error(`keyLabel failed for ${this.#call.operation}`, error);
      return undefined;
    }
  }
}

/** A call may be answered although something went wrong, e.g. when its result could not be recorded. */
function quietFailure({ error }: CallInfo): Failure | undefined {
  return error === undefined ? undefined : { error };
}
