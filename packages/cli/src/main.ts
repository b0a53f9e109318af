import { CommanderError } from 'commander';
import { createRunner } from './command-call.ts';
import { type ExitCode, exitCodes } from './failure.ts';
import { markDigests } from './hyphen-digest.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command line; answers the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const runner = createRunner(terminal);
  const program = createProgram(runner);
  try {
    await program.parseAsync(markDigests(args), { from: 'user' });
    return runner.exitCode();
  } catch (error) {
    // Commander has said what is wrong with the command line, or shown what was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    }
    const { failureOf } = await import('./failure-text.ts');
    const { message, details, exitCode, cause } = failureOf(error, undefined);
    terminal.stderr.write(`twiceproof: ${message}\n`);
    if (details !== undefined) terminal.stderr.write(`${details}\n`);
    if (program.opts().debug) terminal.stderr.write(`${stackOf(cause)}\n`);
    return exitCode;
  }
}

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) stacks.push(each.stack ?? '');
  return stacks.join('\nbecause of ');
}
