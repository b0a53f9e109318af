import type { StoredRecord } from '../store.ts';
import { type CurrentExecution, enclosingExecution } from './current-execution.ts';
import { downstreamKeyOf, downstreamUuidOf } from './downstream.ts';
import type { HeldLease } from './held-lease.ts';
import type { NestedExecution } from './nested-execution.ts';

/** An execution under a lease, as the function that runs sees it. */
export class AttemptExecution implements NestedExecution {
  readonly parent: NestedExecution | undefined = enclosingExecution();
  isOver = false;
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
      // Computed for those who read it.
      get downstreamUuid() {
        return downstreamUuidOf(id);
      },
    };
    return this.#shown;
  }

  /** The function has ended: what it left running is told so. */
  end(): void {
    this.isOver = true;
    this.#lease.endSignal();
  }
}
