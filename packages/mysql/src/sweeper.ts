import type { StoreOptions } from '@twiceproof/core';
import { isPaused } from '@twiceproof/record-logic';
import { onConnection } from './connections.ts';
import { written } from './rows.ts';
import type { StoreContext } from './store-context.ts';

/** Claims of which one removes expired records. */
const claimsPerSweep = 100;
/** What takes longer waits for a row that somebody has locked, or for a server that is gone: with it would wait
 * who closes the store. */
const longestMs = 5_000;

/** Removes a few expired records now and then. */
export interface Sweeper {
  (now: number, options: StoreOptions | undefined): void;
  /** Resolves when none is under way. */
  ended(): Promise<void>;
}

/** Claims pay for it, not timers: where nothing is added, nothing has to go. A sweep removes more than was
 * added since the last one. The first claim sweeps, as many processes end before they have made a hundred. */
export function sweeper(context: StoreContext): Sweeper {
  let claims = claimsPerSweep - 1;
  let isPausedNow = false;
  let running: Promise<void> | undefined;
  const run = async (now: number): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(longestMs);
      await onConnection(context, signal, async (connection) => {
        await written(connection, context.statements.sweep, [now]);
      });
    } catch {
      // Expired records count for nothing; the next sweep removes them.
    } finally {
      running = undefined;
    }
  };
  const onClaim = (now: number, options: StoreOptions | undefined): void => {
    claims += 1;
    isPausedNow ||= isPaused(options);
    if (running || claims < claimsPerSweep) return;
    if (!isPausedNow) running = run(now);
    claims = 0;
    isPausedNow = false;
  };
  return Object.assign(onClaim, { ended: async () => running });
}
