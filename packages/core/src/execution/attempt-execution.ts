import type { CallInfo } from '../instrumentation.ts';
import type { StoredRecord } from '../store.ts';
import { declaredLate, enclosingExecution } from './current-execution.ts';
import { downstreamKeyOf, downstreamUuidOf } from './downstream.ts';
import type { HeldLease } from './held-lease.ts';
import type { CurrentExecution, NestedExecution } from './nested-execution.ts';

/** An execution under a lease, as the function that runs sees it. */
export class AttemptExecution implements NestedExecution {
  readonly parent: NestedExecution | undefined = enclosingExecution();
  isOver = false;
  onCompleted: (() => Promise<void>) | undefined;
  readonly #info: CallInfo;
  readonly #record: StoredRecord;
  readonly #lease: HeldLease;
  #declared: { readonly cause: unknown } | undefined;
  #shown: CurrentExecution | undefined;

  constructor(info: CallInfo, record: StoredRecord, lease: HeldLease) {
    this.#info = info;
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
  get fingerprint(): string | undefined {
    return this.#record.fingerprint;
  }
  get inputDigest(): string | undefined {
    return this.#record.inputDigest;
  }
  get isHeld(): boolean {
    return this.#lease.isHeld;
  }
  /** What the function said to be the reason why nobody knows whether its effect happened. */
  get declared(): { readonly cause: unknown } | undefined {
    return this.#declared;
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
      declareUnknown: (cause) => {
        if (this.isOver) throw declaredLate(operation, id);
        this.#declared ??= { cause };
      },
    };
    return this.#shown;
  }

  noteOtherInput(): void {
    this.#info.inputChanged = true;
  }

  /** The function has ended: what it left running is told so. */
  end(): void {
    this.isOver = true;
    this.#lease.endSignal();
  }
}
