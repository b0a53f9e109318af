import type { Span } from '@opentelemetry/api';
import type { StoreOperationInfo } from '@twiceproof/core';
import type { Meters } from './metrics/meters.ts';
import type { Observed } from './observed.ts';
import { endStoreSpan, type Failure } from './spans/end-span.ts';

/** A request to the store under way. */
export class ObservedRequest implements Observed {
  readonly span: Span | undefined;
  readonly #info: StoreOperationInfo;
  readonly #meters: Meters | undefined;
  readonly #startedAt = performance.now();

  constructor(info: StoreOperationInfo, span: Span | undefined, meters: Meters | undefined) {
    this.#info = info;
    this.span = span;
    this.#meters = meters;
  }

  end(failure: Failure | undefined): void {
    this.#meters?.storeOperation(this.#info, (performance.now() - this.#startedAt) / 1_000);
    if (this.span) endStoreSpan(this.span, this.#info.outcome, failure);
  }
}
