import type { CallOutcome } from '@twiceproof/core';

/** One colour for each outcome, on every panel: cold for what is well, warm for what is not. */
export const outcomeColors: Readonly<Record<CallOutcome, string>> = {
  executed: 'blue',
  replayed: 'green',
  replayed_error: 'yellow',
  failed: 'red',
  in_progress: 'purple',
  mismatch: 'super-light-purple',
  held: 'dark-purple',
  lease_lost: 'dark-red',
  store_error: 'orange',
  bypassed: 'text',
  unknown: 'dark-orange',
  timed_out: 'light-orange',
  shadowed: 'light-green',
};
