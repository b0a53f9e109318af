import { now } from '../now.ts';
import type { FromWorker } from './messages.ts';

const everyMs = 50;

/** Tells the parent when this process did not get to run for long, which nobody may have wanted. */
export function reportStalls(longMs: number): void {
  let last = now();
  setInterval(() => {
    const from = last;
    last = now();
    if (last - from > longMs) {
      process.send!({ kind: 'stalled', from, to: last } satisfies FromWorker);
    }
  }, everyMs);
}
