import type { StoredRecord } from '../store.ts';
import { downstreamKeyOf, executionStorage, type NestedExecution } from './current-execution.ts';
import type { HeldLease } from './held-lease.ts';

/** An execution under a lease, as the function that runs sees it. */
export class AttemptExecution implements NestedExecution {
  readonly parent: NestedExecution | undefined = executionStorage.getStore();
  readonly #record: StoredRecord;
  readonly #lease: HeldLease;

  constructor(record: StoredRecord, lease: HeldLease) {
    this.#record = record;
    this.#lease = lease;
  }

  get id(): string {
    return this.#record.id;
  }
  get operation(): string {
    return this.#record.operation;
  }
  get run(): number {
    return this.#record.run;
  }
  get scope(): string | undefined {
    return this.#record.scope;
  }
  get keyPreview(): string | undefined {
    return this.#record.keyPreview;
  }
  get attempt(): number {
    return this.#record.attempt;
  }
  get fence(): number {
    return this.#record.fence;
  }
  get signal(): AbortSignal {
    return this.#lease.signal;
  }
  get downstreamKey(): string {
    return downstreamKeyOf(this.#record.id);
  }
}
