import type { OwnClaims, ReplayGuess } from '@twiceproof/core/toolkit';
import type { Commands } from './commands.ts';
import type { EvictionGuard } from './eviction-guard.ts';
import type { Fault } from './fault.ts';
import type { OwnClaim } from './own-claim.ts';
import type { ServerClock } from './server-clock.ts';

/** What the store's operations share. */
export interface StoreContext {
  readonly commands: Commands;
  readonly fault: Fault;
  readonly clock: ServerClock;
  readonly guess: ReplayGuess;
  readonly ownClaims: OwnClaims<OwnClaim>;
  /** Not there where eviction is allowed. */
  readonly evictionGuard?: EvictionGuard | undefined;
  /** How long a key outlives its record, milliseconds. */
  readonly graceMs: number;
  readonly maxRecordBytes: number;
  /** Whether who waits for a record is woken. */
  readonly wakes: boolean;
  /** Whether replicas confirm writes. */
  readonly waits: boolean;
}
