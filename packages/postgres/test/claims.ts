import { randomBytes } from 'node:crypto';
import type { Claim } from '@twiceproof/core';

export function newClaim(overrides: Partial<Claim> = {}): Claim {
  return {
    id: `test/charge/0/${randomBytes(32).toString('base64url')}`,
    environment: 'test',
    operation: 'charge',
    run: 0,
    token: newToken(),
    leaseMs: 60_000,
    retentionMs: 3_600_000,
    abandoned: 'reexecute',
    formatVersion: 1,
    ...overrides,
  };
}

/** Another call for the same record. */
export function rivalOf(claim: Claim, overrides: Partial<Claim> = {}): Claim {
  return { ...claim, token: newToken(), ...overrides };
}

export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

export const done = { bytes: new TextEncoder().encode('done'), retentionMs: 3_600_000 };
export const failure = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };
