import type { CallOutcome } from '@twiceproof/core';
import { spanVerbs } from '../names.ts';

/**
 * What a call came to in a word: a list of traces shows nothing but names, and a rate by name tells
 * executions from replays. Whoever did not execute to the end has still begun to.
 */
export const outcomeVerbs: Readonly<Record<CallOutcome, string>> = {
  executed: spanVerbs.execute,
  failed: spanVerbs.execute,
  lease_lost: spanVerbs.execute,
  store_error: spanVerbs.execute,
  bypassed: spanVerbs.execute,
  unknown: spanVerbs.execute,
  timed_out: spanVerbs.execute,
  shadowed: spanVerbs.execute,
  replayed: spanVerbs.replay,
  replayed_error: spanVerbs.replay,
  in_progress: spanVerbs.refuse,
  mismatch: spanVerbs.refuse,
  held: spanVerbs.refuse,
};

/**
 * Where something is wrong. A duplicate that came early is none of it: that is the layer at work, as a 409
 * is no error of an HTTP server. Whoever lets it escape has it on the caller's span.
 */
export const wrongOutcomes: ReadonlySet<CallOutcome> = new Set<CallOutcome>([
  'failed',
  'replayed_error',
  'lease_lost',
  'timed_out',
  'unknown',
  'store_error',
  'held',
  'mismatch',
]);
