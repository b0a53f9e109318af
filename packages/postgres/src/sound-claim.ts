import { type Claim, IdempotencyError } from '@twiceproof/core';

/** What an index of Postgres takes, less what belongs to its other columns. */
const mostIdBytes = 2_600;

/**
 * Refuses what Postgres could not store, before it shares a statement with the claims of others.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` naming what is wrong.
 */
export function checkClaim(claim: Claim): void {
  const { id, environment, operation, run, leaseMs, retentionMs, formatVersion } = claim;
  const numbers = { run, leaseMs, retentionMs, formatVersion };
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== null && !Number.isSafeInteger(Math.ceil(value))) {
      throw invalid(claim, `${name} is ${String(value)}; give a whole number`);
    }
  }
  const names = { id, 'environment and operation': environment + operation };
  for (const [name, text] of Object.entries(names)) {
    // No character takes more than three bytes per code unit.
    if (text.length * 3 <= mostIdBytes || Buffer.byteLength(text) <= mostIdBytes) continue;
    throw invalid(
      claim,
      `${name} have ${Buffer.byteLength(text)} bytes, of ${mostIdBytes} at most`,
    );
  }
}

function invalid({ id }: Claim, message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId: id.slice(0, mostIdBytes) });
}
