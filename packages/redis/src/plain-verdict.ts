import type { RecordHead } from './record-format.ts';

/** Closer to an end than this, only the server says whether it is over. */
export const marginMs = 2_000;

/**
 * Whether a record that was read without a script counts beyond doubt; where this says no, the server
 * is asked. `now` is what the client takes the server's clock to be: it may be off by the margin, and
 * is never what frees a record.
 */
export function countsForSure(head: RecordHead, now: number): boolean {
  const { status, expiresAt, retentionMs, isRenewed } = head;
  if (status === 't') return false;
  if (status !== 'p') return expiresAt === undefined || expiresAt - now > marginMs;
  if (isRenewed) return false;
  return retentionMs === undefined || head.startedAt + head.leaseMs + retentionMs - now > marginMs;
}
