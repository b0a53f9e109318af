import type { ConsoleOptions, RunningConsole } from './console-options.ts';

/**
 * Serves the operators' page of a store to browsers on this machine, until it is closed.
 *
 * @example
 * ```ts
 * import { startConsole } from '@twiceproof/cli';
 * import type { Idempotency } from '@twiceproof/core';
 *
 * declare const idempotency: Idempotency;
 * const console_ = await startConsole({ idempotency, by: 'ada' });
 * console.log(console_.link());
 * ```
 */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  // A configuration file imports this package for every command, and few commands serve anything.
  const { serveConsole } = await import('./serve-console.ts');
  return serveConsole(options);
}
