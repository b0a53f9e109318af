import { type Claim, IdempotencyError } from '@twiceproof/core';

/** What an index of Postgres takes, less what belongs to its other columns. */
const mostBytes = 2_600;

/**
 * Refuses what Postgres could not store, before it shares a statement with the claims of others.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` naming what is wrong.
 */
export function checkClaim(claim: Claim): void {
  checkWhole(claim, 'run', claim.run);
  checkWhole(claim, 'formatVersion', claim.formatVersion);
  checkWhole(claim, 'leaseMs', Math.ceil(claim.leaseMs));
  if (claim.retentionMs !== null) checkWhole(claim, 'retentionMs', Math.ceil(claim.retentionMs));
  checkBytes(claim, 'id', claim.id, mostBytes);
  checkBytes(claim, 'environment', claim.environment, mostBytes / 2);
  checkBytes(claim, 'operation', claim.operation, mostBytes / 2);
}

function checkWhole(claim: Claim, name: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw invalid(claim, `${name} is ${value}; give a whole number`);
}

function checkBytes(claim: Claim, name: string, text: string, most: number): void {
  // No character takes more than three bytes per code unit.
  if (text.length * 3 <= most) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > most) throw invalid(claim, `${name} has ${bytes} bytes; ${most} are the most`);
}

function invalid({ id }: Claim, message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId: id.slice(0, mostBytes) });
}
