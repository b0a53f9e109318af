import type { Names } from '../names.ts';

/**
 * Draws a fence that is never drawn again. The number of the transaction makes its commit wait for the
 * disk, and with it for what the sequence has noted there.
 */
export function drawFence({ fence }: Names): string {
  return `SELECT nextval('${fence}') AS fence, pg_current_xact_id()::text AS kept`;
}
