import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Options of every command that changes records. */
export interface ChangeOptions {
  readonly yes?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly ifVersion?: string;
}

/** Options of commands whose change may include the steps of a workflow. */
export interface StepOptions {
  readonly steps?: boolean;
}

export function addChangeOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'go ahead without asking')
    .option('--by <name>', 'who does it, for instrumentation (default: the user of this machine)')
    .option('--reason <text>', 'why')
    .option(
      '--if-version <version>',
      'only if the record is still at the version that show answered',
    );
}

export function addStepsOption(command: Command): Command {
  return command.option('--steps', 'of a workflow: also its steps, which are replayed otherwise');
}

/** Who and why, as instrumentation gets to know it. */
export function attribution(
  { by, reason }: ChangeOptions,
  { user }: Terminal,
): { readonly by: string | undefined; readonly reason: string | undefined } {
  return { by: by ?? user, reason };
}
