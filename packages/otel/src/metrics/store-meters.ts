import type { Attributes } from '@opentelemetry/api';
import type { StoreOperationInfo } from '@twiceproof/core';
import { attributeNames } from '../names.ts';

/** The attributes of requests to one store, found again without building a name for them. */
export class StoreMeters {
  readonly #storeName: string;
  readonly #attributes = new Map<string, Map<string, Attributes>>();

  constructor(storeName: string) {
    this.#storeName = storeName;
  }

  attributes(operation: StoreOperationInfo['operation'], outcome: string): Attributes {
    let outcomes = this.#attributes.get(operation);
    if (!outcomes) {
      outcomes = new Map();
      this.#attributes.set(operation, outcomes);
    }
    let attributes = outcomes.get(outcome);
    if (!attributes) {
      attributes = {
        [attributeNames.storeName]: this.#storeName,
        [attributeNames.storeOperation]: operation,
        [attributeNames.outcome]: outcome,
      };
      outcomes.set(outcome, attributes);
    }
    return attributes;
  }
}
