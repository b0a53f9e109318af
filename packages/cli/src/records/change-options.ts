import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Options of every command that changes records. */
export interface ChangeOptions {
  readonly yes?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly ifVersion?: string;
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

/** Who and why, as instrumentation gets to know it. */
export function attribution(
  { by, reason }: ChangeOptions,
  { user }: Terminal,
): { readonly by: string | undefined; readonly reason: string | undefined } {
  return { by: by ?? user, reason };
}
