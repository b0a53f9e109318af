/** What the wrapped function may know about its own execution. */
export interface CurrentExecution {
  /** The record id; undefined when the call runs without idempotency and has no key. */
  readonly id: string | undefined;
  readonly operation: string;
  readonly run: number;
  /** 1 for the first execution of this record. */
  readonly attempt: number;
  /** Rises with every claim of the record: hand it to systems that can refuse an older one. 0 without idempotency. */
  readonly fence: number;
  /** Aborted when the lease is over or lost: stop, another executor may have started. Also aborted when
   * the function has ended, for what it left running. */
  readonly signal: AbortSignal;
  /** Stable over the attempts of one run and different between runs: an idempotency key for others. */
  readonly downstreamKey: string;
  /** The same as a UUID, for services that take no longer key. */
  readonly downstreamUuid: string;
  /** Nobody knows whether the effect happened: the attempt ends as abandoned, with `cause` as its last
   * error, however the function ends. For where a framework catches what `outcomeUnknown` would throw;
   * what the function returns reaches the caller, and is not recorded. */
  declareUnknown(cause?: unknown): void;
}

/** An execution as this package sees it, and the one that it was called from. Other copies of the
 * package read it, too: see `processState`. */
export interface NestedExecution {
  readonly parent: NestedExecution | undefined;
  readonly id: string | undefined;
  readonly operation: string;
  readonly run: number;
  readonly scope: string | undefined;
  readonly keyPreview: string | undefined;
  readonly fingerprint: string | undefined;
  /** Of a workflow: the digest of what it was started with. */
  readonly inputDigest: string | undefined;
  /** Whether it may start something new: its lease is neither over nor lost. */
  readonly isHeld: boolean;
  /** The function has ended; what it started may still run, and is no part of it. */
  readonly isOver: boolean;
  /** What the function sees of it: plain data, made when it is first asked for. */
  readonly shown: CurrentExecution;
  /** Of a workflow; they are retired once its record is completed, and nobody waits for that. */
  steps?: { retire(): Promise<void> } | undefined;
  /** A workflow's step was replayed that had been executed for another input. */
  noteOtherInput(): void;
}
