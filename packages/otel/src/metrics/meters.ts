import type { Attributes, Meter } from '@opentelemetry/api';
import type { CallInfo, CallOutcome, StoreOperationInfo } from '@twiceproof/core';
import { attributeNames, otherLabel } from '../names.ts';
import { type Instruments, instrumentsOf } from './instruments.ts';
import { OperationMeters } from './operation-meters.ts';
import { StoreMeters } from './store-meters.ts';
import type { Count } from './tally.ts';

/** How a call ended, as it is counted. */
export interface Ending {
  readonly outcome: CallOutcome;
  readonly errorType: string | undefined;
  readonly label: string | undefined;
  readonly seconds: number;
}

/** Names of operations are few, unless somebody makes one up for each call. */
const mostOperations = 300;

/** What this process tells one meter provider. */
export class Meters {
  readonly #instruments: Instruments;
  readonly #stores = new Map<string, Map<string, OperationMeters>>();
  readonly #requests = new Map<string, StoreMeters>();
  readonly #operations = new Set<string>();
  readonly #labels = new Set<string>();
  readonly #leaseLosses = new Map<string, Count>();
  readonly #tierLookups = new Map<string, Count>();
  readonly #attributes = new Map<string, Attributes>();

  constructor(meter: Meter) {
    this.#instruments = instrumentsOf(meter);
  }

  /** Counts a call as active. Answers where its end is told. */
  begin({ operation, storeName }: CallInfo): OperationMeters {
    let operations = this.#stores.get(storeName);
    if (!operations) {
      operations = new Map();
      this.#stores.set(storeName, operations);
    }
    let meters = operations.get(operation);
    if (!meters) {
      const name = this.#bounded(operation, this.#operations, mostOperations);
      meters = operations.get(name) ?? new OperationMeters(name, storeName, this.#instruments);
      operations.set(name, meters);
      // A loss must be seen as a change: a series that begins with 1 has not risen.
      this.#leaseLossesOf(name);
    }
    meters.active.value++;
    return meters;
  }

  end(meters: OperationMeters, { outcome, errorType, label, seconds }: Ending): void {
    meters.active.value--;
    const ended = meters.outcome(outcome, errorType);
    ended.count(label);
    this.#instruments.executionDuration.record(seconds, ended.durationAttributes);
  }

  /** The label if it is one of the first `max` of this process, else `_OTHER`. */
  boundedLabel(label: string, max: number): string {
    return this.#bounded(label, this.#labels, max);
  }

  waited({ operation }: CallInfo, outcome: CallOutcome, seconds: number): void {
    const name = this.#operationName(operation);
    const attributes = this.#cached(`wait ${outcome} ${name}`, () => ({
      [attributeNames.operationName]: name,
      [attributeNames.outcome]: outcome,
    }));
    this.#instruments.waitDuration.record(seconds, attributes);
  }

  storeOperation(info: StoreOperationInfo, seconds: number): void {
    const { storeName, operation, outcome = 'error' } = info;
    let meters = this.#requests.get(storeName);
    if (!meters) {
      meters = new StoreMeters(storeName);
      this.#requests.set(storeName, meters);
    }
    const attributes = meters.attributes(operation, outcome);
    this.#instruments.storeOperationDuration.record(seconds, attributes);
  }

  resultEncoded({ operation }: CallInfo, bytes: number): void {
    const name = this.#operationName(operation);
    const attributes = this.#cached(`result ${name}`, () => ({
      [attributeNames.operationName]: name,
    }));
    this.#instruments.resultSize.record(bytes, attributes);
  }

  leaseLost({ operation }: CallInfo): void {
    this.#leaseLossesOf(this.#operationName(operation)).value++;
  }

  tierLookup(storeName: string, hit: boolean): void {
    const name = `${hit} ${storeName}`;
    let count = this.#tierLookups.get(name);
    if (!count) {
      count = this.#instruments.tierLookups.add({
        [attributeNames.storeName]: storeName,
        [attributeNames.hit]: hit,
      });
      this.#tierLookups.set(name, count);
    }
    count.value++;
  }

  #leaseLossesOf(name: string): Count {
    let count = this.#leaseLosses.get(name);
    if (!count) {
      count = this.#instruments.leaseLosses.add({ [attributeNames.operationName]: name });
      this.#leaseLosses.set(name, count);
    }
    return count;
  }

  #operationName(operation: string): string {
    return this.#bounded(operation, this.#operations, mostOperations);
  }

  #bounded(name: string, known: Set<string>, max: number): string {
    if (known.has(name)) return name;
    if (known.size >= max) return otherLabel;
    known.add(name);
    return name;
  }

  #cached(name: string, make: () => Attributes): Attributes {
    let attributes = this.#attributes.get(name);
    if (!attributes) {
      attributes = make();
      this.#attributes.set(name, attributes);
    }
    return attributes;
  }
}
