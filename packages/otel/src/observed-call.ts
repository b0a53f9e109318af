import { diag, type Span } from '@opentelemetry/api';
import type { CallInfo } from '@twiceproof/core';
import { errorTypeOf } from './error-type.ts';
import type { Meters } from './metrics/meters.ts';
import type { OperationMeters } from './metrics/operation-meters.ts';
import type { Observed } from './observed.ts';
import type { Settings } from './options.ts';
import { endExecuteSpan, endWaitSpan, type Failure } from './spans/end-span.ts';

/** One time that a call waited for another executor. */
export interface Wait {
  readonly span: Span | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
}

// Hardly any call waits: the others pay for one look into this map.
const waits = new WeakMap<CallInfo, Wait[]>();

/** Keeps a wait until its call ends: only then it is known what the waiting was good for. */
export function noteWait(call: CallInfo, wait: Wait): void {
  const noted = waits.get(call);
  if (noted) noted.push(wait);
  else waits.set(call, [wait]);
}

/** A call under way, for as long as it takes. */
export class ObservedCall implements Observed {
  readonly span: Span | undefined;
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
    this.#call = call;
    this.span = span;
    this.#meters = meters;
    this.#operation = meters?.begin(call);
    this.#settings = settings;
  }

  end(thrown: Failure | undefined): void {
    const failure = thrown ?? quietFailure(this.#call);
    const endedAt = performance.now();
    const outcome = this.#call.outcome ?? (thrown ? 'failed' : 'executed');
    const noted = waits.get(this.#call);
    if (this.#meters && this.#operation) {
      for (const wait of noted ?? []) this.#meters.waited(this.#call, outcome, secondsOf(wait));
      this.#meters.end(this.#operation, {
        outcome,
        errorType: failure && errorTypeOf(failure.error),
        label: this.#label(this.#meters),
        seconds: secondsOf({ startedAt: this.#startedAt, endedAt }),
      });
    }
    for (const { span, endedAt } of noted ?? []) if (span) endWaitSpan(span, outcome, endedAt);
    if (this.span) endExecuteSpan(this.span, this.#call, outcome, this.#settings, failure);
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

function secondsOf({ startedAt, endedAt }: Pick<Wait, 'startedAt' | 'endedAt'>): number {
  return (endedAt - startedAt) / 1_000;
}
