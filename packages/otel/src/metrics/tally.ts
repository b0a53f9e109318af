import type { Attributes, Observable } from '@opentelemetry/api';

/** One series. Whoever counts raises `value`. */
export interface Count {
  readonly attributes: Attributes;
  value: number;
}

/**
 * Counts of one observable instrument. An SDK hashes the attributes of every `add()`, which costs
 * more than the rest of what is recorded for a call; a count is only read when metrics are collected.
 */
export class Tally {
  readonly #counts: Count[] = [];

  constructor(observable: Observable) {
    observable.addCallback((result) => {
      for (const { attributes, value } of this.#counts) result.observe(value, attributes);
    });
  }

  get size(): number {
    return this.#counts.length;
  }

  /** A new series, from 0. There must be none with these attributes. */
  add(attributes: Attributes): Count {
    const count = { attributes, value: 0 };
    this.#counts.push(count);
    return count;
  }
}
