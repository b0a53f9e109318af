import type { Clock, IdempotencyOptions, Store } from '@twiceproof/core';
import type { InvariantName } from '../checkers/invariants.ts';
import type { Key } from '../plan.ts';
import type { BatchFault } from '../world/batches.ts';
import type { Process } from '../world/process.ts';
import type { RecordTable } from '../world/record-table.ts';
import type { Work } from '../world/work.ts';
import type { World } from '../world/world.ts';

/** A way of being wrong, and the invariants that tell. */
export interface Mutant {
  readonly name: string;
  /** What it does wrong. */
  readonly fault: string;
  /** One of these is the first to be violated. */
  readonly caughtBy: readonly InvariantName[];
  /** A server that is wrong. */
  table?(table: RecordTable, world: World): void;
  /** A store that is wrong, or is used by an engine that is: it stands between core and the network. */
  store?(store: Store, world: World, process: Process): Store;
  /** What a stack has in front. */
  tier?(fast: Store): Store;
  /** A stack that is wrong. */
  stack?(stack: Store, world: World, process: Process): Store;
  /** Requests of several callers that are treated wrongly. */
  readonly batch?: BatchFault;
  clock?(clock: Clock, process: Process): Clock;
  options?(options: IdempotencyOptions): IdempotencyOptions;
  /** What the work is known by. */
  key?(key: Key): Key;
  /** How the work is wrapped. */
  work?(work: Work, world: World): Work;
  /** True: callers get the object that the first of them got. */
  readonly shares?: boolean;
  /** True: the process goes on using a connection that leads to the wrong server. */
  readonly keepsWrongServer?: boolean;
}
