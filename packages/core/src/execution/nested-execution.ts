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
  /** The function has ended; what it started may still run, and is no part of it. */
  readonly isOver: boolean;
  /** What the function sees of it: plain data, made when it is first asked for. */
  readonly shown: CurrentExecution;
}
