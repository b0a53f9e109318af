import { rmSync, writeFileSync } from 'node:fs';
import type { DeadLetter } from './queue.ts';
import type { BadLine } from './read-deliveries.ts';

/** Keeps what could not be delivered, so that nothing is lost; removes the file if there is nothing. */
export function writeUndelivered(
  path: string,
  badLines: readonly BadLine[],
  deadLetters: readonly DeadLetter[],
): void {
  const entries = [
    ...badLines,
    ...deadLetters.map(({ line, error, text }) => ({ line, why: error, text })),
  ].sort((a, b) => a.line - b.line);
  if (entries.length === 0) rmSync(path, { force: true });
  else writeFileSync(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}
