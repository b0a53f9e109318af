import type { Commands } from './commands.ts';
import type { EvictionGuard } from './eviction-guard.ts';
import type { Fault } from './fault.ts';
import type { OwnClaims } from './own-claims.ts';
import type { ReplayHabit } from './replay-habit.ts';
import type { ServerClock } from './server-clock.ts';

/** What the store's operations share. */
export interface StoreContext {
  readonly commands: Commands;
  readonly fault: Fault;
  readonly clock: ServerClock;
  readonly habit: ReplayHabit;
  readonly ownClaims: OwnClaims;
  /** Not there where eviction is allowed. */
  readonly evictionGuard?: EvictionGuard | undefined;
  /** How long a key outlives its record, milliseconds. */
  readonly graceMs: number;
  readonly maxRecordBytes: number;
  /** As the scripts take them. */
  readonly notify: '1' | '0';
  readonly wait: '1' | '0';
}

/** A retention as the scripts take it: empty for ever. */
export function retentionArgument(retentionMs: number | null): number | '' {
  return retentionMs === null ? '' : Math.ceil(retentionMs);
}

export function pausedArgument(
  options: { readonly retirement?: 'on' | 'paused' | undefined } | undefined,
): '1' | '0' {
  return options?.retirement === 'paused' ? '1' : '0';
}
