import { randomUUID } from 'node:crypto';
import type { Claim, EncodedOutcome, FailureNote } from '@twiceproof/core';

export function newClaim(more: Partial<Claim> = {}): Claim {
  return {
    id: `test/pay/0/${randomUUID()}`,
    environment: 'test',
    operation: 'pay',
    run: 0,
    token: randomUUID(),
    leaseMs: 60_000,
    retentionMs: null,
    abandoned: 'hold',
    formatVersion: 1,
    ...more,
  };
}

export const done: EncodedOutcome = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };
export const failure: FailureNote = {
  error: { name: 'Error', message: 'no' },
  retentionMs: 60_000,
};
