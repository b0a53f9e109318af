import { randomUUID } from 'node:crypto';
import { type Claim, RECORD_FORMAT } from '@twiceproof/core';

/** A claim of a new record id with a new token. */
export function claim(overrides: Partial<Claim> = {}): Claim {
  return {
    id: `test/work/0/${randomUUID()}`,
    environment: 'test',
    operation: 'work',
    run: 0,
    token: randomUUID(),
    leaseMs: 30_000,
    retentionMs: 60_000,
    abandoned: 'reexecute',
    formatVersion: RECORD_FORMAT,
    ...overrides,
  };
}

/** Another caller's claim of the same record id. */
export function rival(first: Claim, overrides: Partial<Claim> = {}): Claim {
  return { ...first, token: randomUUID(), ...overrides };
}

export const outcome = { bytes: Buffer.from('done'), retentionMs: 60_000 };
export const failure = { error: { name: 'Error', message: 'again' }, retentionMs: 60_000 };
