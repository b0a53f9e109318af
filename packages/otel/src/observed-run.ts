import type { Span } from '@opentelemetry/api';
import type { CallInfo } from '@twiceproof/core';
import { Observed } from './observed.ts';
import type { Settings } from './options.ts';
import { endRunSpan, type Failure } from './spans/end-span.ts';

/** A function that runs. */
export class ObservedRun extends Observed {
  readonly #call: CallInfo;
  readonly #runSpan: Span;
  readonly #settings: Settings;

  constructor(call: CallInfo, span: Span, settings: Settings) {
    super(span);
    this.#call = call;
    this.#runSpan = span;
    this.#settings = settings;
  }

  protected override ended(failure: Failure | undefined): void {
    endRunSpan(this.#runSpan, this.#call, this.#settings, failure);
  }
}
