import type { Clock } from '../clock.ts';
import type { Claim, FailureNote } from '../store.ts';
import type { Errand } from './background.ts';

// Longer than anybody looks for what became of it, and shorter than for ever.
const retentionMs = 86_400_000;

/**
 * Takes back a claim that was given up, so that whatever landed of it blocks nobody. It may land late,
 * and each of its tries may: they are looked for as long as its lease would have lasted.
 */
export function withdrawalOf(
  claim: Claim,
  clock: Clock,
  release: (note: FailureNote) => Promise<unknown>,
): Errand {
  const note = noteOn(claim);
  const until = clock.now() + claim.leaseMs;
  return {
    recordId: claim.id,
    bytes: 0,
    ask: async () => {
      const isLast = clock.now() >= until;
      await release(note);
      return isLast;
    },
  };
}

function noteOn({ settlesOnly, supersedes, traceparent }: Claim): FailureNote {
  // Whoever meant to settle what waits for a verdict gave none.
  const unknown = settlesOnly === true && supersedes?.endsWith('.in_progress') === true;
  const message = unknown
    ? 'who was to settle it gave up; its outcome is still unknown'
    : 'its claim was given up before anything was executed';
  const error = { name: 'Withdrawn', message };
  return { error, retentionMs, traceparent, ...(unknown && { unknown }) };
}
