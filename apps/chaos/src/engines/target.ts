import type { FaultProxy } from '@twiceproof/engines';
import type { Effect } from '../history/event.ts';
import type { Mode } from '../worker/messages.ts';
import type { Connection } from '../worker/open-store.ts';

/** An engine that runs, and what can be done to it. */
export interface Target {
  readonly connection: Connection;
  /** Where workers reach it through one. */
  readonly proxy?: FaultProxy;
  /** Ends it at once and starts it again, with its data. */
  readonly crash?: () => Promise<void>;
  /** Ends it in good order and starts it again. */
  readonly restart?: () => Promise<void>;
  /** Ends the master; resolves once a replica serves in its place. */
  readonly failOver?: () => Promise<void>;
  /** Moves the slots that hold these keys to another master, and back. */
  readonly moveSlots?: (keys: readonly string[]) => Promise<void>;
  /** Holds the file so that nobody else writes, for longer than a lease. */
  readonly lock?: () => Promise<void>;
  /** Whether somebody holds the file so that nobody else can write. */
  readonly isLocked?: () => boolean;
  /** Leases follow the clock of the machine, which all of its processes share. */
  readonly haveOneClock?: boolean;
  /** Effects that are written into the engine itself. */
  readonly ledger?: () => Promise<readonly Effect[]>;
  stop(): Promise<void>;
}

/** An engine under a mode of use, by the name that a command gives it. */
export interface Subject {
  readonly name: string;
  readonly mode: Mode;
  start(): Promise<Target>;
}
