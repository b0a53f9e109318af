import type { Acquisition } from '../store.ts';

// Nobody gains from asking again sooner.
const leastMs = 50;

/**
 * When asking again for a record that is being executed makes sense, in milliseconds: what has taken a
 * moment may be done in another, and what has taken long may take as long again. Never after the end
 * of the lease, when somebody else may take over.
 */
export function retryAfterMs({ record, leaseRemainingMs }: Omit<Acquisition, 'status'>): number {
  const runningMs = record.leaseUntil - leaseRemainingMs - record.startedAt;
  return Math.max(1, Math.ceil(Math.min(leaseRemainingMs, Math.max(leastMs, runningMs))));
}
