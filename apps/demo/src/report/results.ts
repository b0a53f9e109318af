import type { Arguments } from '../arguments.ts';
import { isWanted } from '../effects.ts';
import type { LedgerAudit } from '../ledger-audit.ts';
import { duplicatesOf } from '../ledger-audit.ts';
import type { Input } from '../read-deliveries.ts';
import type { RunOutcome } from '../run-deliveries.ts';
import type { StateFolder } from '../state-folder.ts';

/** Everything that the end of the program is written from. */
export interface Results {
  readonly args: Arguments;
  readonly state: StateFolder;
  readonly input: Input;
  readonly outcome: RunOutcome;
  readonly audit: LedgerAudit;
  /** Completed orders of run 0, if this was another run. */
  readonly keptOfRun0: number | undefined;
  /** Whether the next run will find the records of this one. */
  readonly recordsStay: boolean;
  readonly stoppedBy: string | undefined;
}

/** Whether every delivery ended well, or failed because `--fail` asked for it, and nothing happened twice. */
export function allIsWell({ args, input, outcome, audit }: Results): boolean {
  const unwanted = outcome.deadLetters.filter(({ error }) => !isWanted(error, args.fail));
  return (
    input.badLines.length === 0 &&
    unwanted.length === 0 &&
    outcome.left === 0 &&
    totalDuplicates(audit) === 0
  );
}

/** How many effects too many there are, of one kind or of all. */
export function totalDuplicates({ steps }: LedgerAudit, effect?: string): number {
  let total = 0;
  for (const step of steps.values()) {
    if (effect === undefined || step.effect === effect) total += duplicatesOf(step);
  }
  return total;
}
