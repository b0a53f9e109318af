import type { Span } from '@opentelemetry/api';
import type { CallInfo } from '@twiceproof/core';
import { Observed } from './observed.ts';

/** One time that a call waited for another executor. */
export interface Wait {
  readonly span: Span | undefined;
  readonly endedAt: number;
  readonly seconds: number;
}

// Hardly any call waits: the others pay for one look into this map.
const waits = new WeakMap<CallInfo, Wait[]>();

/** What is kept until the call ends: only then it is known what the waiting was good for. */
export function waitsOf(call: CallInfo): readonly Wait[] | undefined {
  return waits.get(call);
}

/** A call that is waiting. */
export class ObservedWait extends Observed {
  readonly #call: CallInfo;
  readonly #startedAt = performance.now();

  constructor(call: CallInfo, span: Span | undefined) {
    super(span);
    this.#call = call;
  }

  protected override ended(): void {
    const endedAt = performance.now();
    const wait = { span: this.span, endedAt, seconds: (endedAt - this.#startedAt) / 1_000 };
    const noted = waits.get(this.#call);
    if (noted) noted.push(wait);
    else waits.set(this.#call, [wait]);
  }
}
