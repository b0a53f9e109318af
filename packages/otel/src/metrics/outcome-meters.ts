import type { Attributes } from '@opentelemetry/api';
import { attributeNames, otherLabel } from '../names.ts';
import type { Count, Tally } from './tally.ts';

/** With room for the series without a key below the 2,000 that an SDK keeps. */
const mostSeriesWithKey = 1_500;

/** The series of one operation that ended in one way. */
export class OutcomeMeters {
  /** Of the histogram, which knows neither errors nor keys. */
  readonly durationAttributes: Attributes;
  readonly #attributes: Attributes;
  readonly #executions: Tally;
  readonly #byKey = new Map<string | undefined, Count>();

  constructor(attributes: Attributes, errorType: string | undefined, executions: Tally) {
    this.durationAttributes = attributes;
    this.#attributes =
      errorType === undefined
        ? attributes
        : { ...attributes, [attributeNames.errorType]: errorType };
    this.#executions = executions;
  }

  count(key: string | undefined): void {
    this.#countOf(key).value++;
  }

  #countOf(key: string | undefined): Count {
    const known = this.#byKey.get(key);
    if (known) return known;
    const hasRoom = this.#executions.size < mostSeriesWithKey;
    if (key !== undefined && key !== otherLabel && !hasRoom) return this.#countOf(otherLabel);
    const attributes =
      key === undefined ? this.#attributes : { ...this.#attributes, [attributeNames.key]: key };
    const count = this.#executions.add(attributes);
    this.#byKey.set(key, count);
    return count;
  }
}
