import type { StoredRecord } from '../store.ts';
import {
  type CurrentExecution,
  downstreamKeyOf,
  executionStorage,
  type NestedExecution,
} from './current-execution.ts';
import type { HeldLease } from './held-lease.ts';

/** An execution under a lease, as the function that runs sees it. */
export class AttemptExecution implements NestedExecution {
  readonly parent: NestedExecution | undefined = executionStorage.getStore();
  readonly #record: StoredRecord;
  readonly #lease: HeldLease;
  #shown: CurrentExecution | undefined;

  constructor(record: StoredRecord, lease: HeldLease) {
    this.#record = record;
    this.#lease = lease;
  }

  get id(): string {
    return this.#record.id;
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
  get shown(): CurrentExecution {
    const { id, operation, run, attempt, fence } = this.#record;
    this.#shown ??= {
      id,
      operation,
      run,
      attempt,
      fence,
      signal: this.#lease.signal,
      downstreamKey: downstreamKeyOf(id),
    };
    return this.#shown;
  }
}
