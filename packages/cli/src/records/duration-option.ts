import { type Duration, durationMs } from '@twiceproof/core';
import { InvalidArgumentError } from 'commander';

/** Milliseconds of a duration on the command line. */
export function durationOf(text: string): number {
  try {
    return durationMs(text as Duration, 'duration');
  } catch {
    throw new InvalidArgumentError("Give a duration such as '30s', '15m', '24h' or '7d'.");
  }
}

/** A retention on the command line; false keeps records until someone deletes them. */
export function retentionOf(text: string): number | false {
  return text === 'forever' ? false : durationOf(text);
}
