import type { Attributes } from '@opentelemetry/api';
import type { CallOutcome } from '@twiceproof/core';
import { attributeNames, otherLabel } from '../names.ts';
import type { Instruments } from './instruments.ts';
import { OutcomeMeters } from './outcome-meters.ts';
import type { Count } from './tally.ts';

/** An SDK strips the attributes of every series above 2,000; from here on errors are counted together. */
const mostSeriesWithError = 1_900;

/** The series of one operation on one store, found again without building attributes. */
export class OperationMeters {
  readonly active: Count;
  readonly #attributes: Attributes;
  readonly #instruments: Instruments;
  readonly #outcomes = new Map<string, OutcomeMeters>();

  constructor(operation: string, storeName: string, instruments: Instruments) {
    this.#attributes = {
      [attributeNames.operationName]: operation,
      [attributeNames.storeName]: storeName,
    };
    this.#instruments = instruments;
    this.active = instruments.executionActive.add(this.#attributes);
  }

  outcome(outcome: CallOutcome, errorType: string | undefined): OutcomeMeters {
    const { executions } = this.#instruments;
    const name = errorType === undefined ? outcome : `${outcome} ${errorType}`;
    const known = this.#outcomes.get(name);
    if (known) return known;
    const hasRoom = executions.size < mostSeriesWithError;
    if (errorType !== undefined && errorType !== otherLabel && !hasRoom) {
      return this.outcome(outcome, otherLabel);
    }
    const attributes = { ...this.#attributes, [attributeNames.outcome]: outcome };
    const meters = new OutcomeMeters(attributes, errorType, executions);
    this.#outcomes.set(name, meters);
    return meters;
  }
}
