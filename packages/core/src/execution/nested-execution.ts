import type { CurrentExecution } from './current-execution.ts';

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
  /** Called once its record is completed. Nobody waits for it. */
  onCompleted?: (() => Promise<void>) | undefined;
  /** A workflow's step was replayed that had been executed for another input. */
  noteOtherInput(): void;
}
