import { randomBytes } from 'node:crypto';
import { type Claim, RECORD_FORMAT } from '@twiceproof/core';

/**
 * A claim as core makes them, of a new record id and with a new token: for tests of a store beside its suite. A lease
 * of a minute and a retention of an hour, unless told otherwise.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import type { Store } from '@twiceproof/core';
 * import { newClaim, rivalOf } from '@twiceproof/testing';
 *
 * export async function survives(store: Store, crash: () => Promise<void>): Promise<void> {
 *   const claim = newClaim();
 *   await store.acquire(claim);
 *   await crash();
 *   assert.equal((await store.acquire(rivalOf(claim))).status, 'existing');
 * }
 * ```
 */
export function newClaim(overrides: Partial<Claim> = {}): Claim {
  const made = {
    environment: 'test',
    operation: 'work',
    run: 0,
    token: random(16),
    leaseMs: 60_000,
    retentionMs: 3_600_000,
    abandoned: 'reexecute' as const,
    formatVersion: RECORD_FORMAT,
    ...overrides,
  };
  return { id: `${made.environment}/${made.operation}/${made.run}/${random(32)}`, ...made };
}

/** Another caller's claim of the same record id. */
export function rivalOf(claim: Claim, overrides: Partial<Claim> = {}): Claim {
  return { ...claim, token: random(16), ...overrides };
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
