import type { Span } from '@opentelemetry/api';
import type { StoreOperationInfo } from '@twiceproof/core';
import type { Meters } from './metrics/meters.ts';
import { Observed } from './observed.ts';
import { endStoreSpan, type Failure } from './spans/end-span.ts';

/** A request to the store under way. */
export class ObservedRequest extends Observed {
  readonly #info: StoreOperationInfo;
  readonly #meters: Meters | undefined;
  readonly #startedAt = performance.now();

  constructor(info: StoreOperationInfo, span: Span | undefined, meters: Meters | undefined) {
    super(span);
    this.#info = info;
    this.#meters = meters;
  }

  protected override ended(failure: Failure | undefined): void {
    try {
      this.#meters?.storeOperation(this.#info, (performance.now() - this.#startedAt) / 1_000);
    } finally {
      // Whatever the meters do.
      if (this.span) endStoreSpan(this.span, this.#info.outcome, failure);
    }
  }
}
