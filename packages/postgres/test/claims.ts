import { randomBytes } from 'node:crypto';
import type { Claim } from '@twiceproof/core';
import { createReplayGuess } from '@twiceproof/core/toolkit';
import { newClaim } from '@twiceproof/testing';

export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * Claims of ids that a process which has met all of them knows all of: now and then one pushes out another, whose
 * replay then costs more statements. Of a hundred claims so in one of ten runs.
 */
export function claimsMetTogether(count: number, overrides: Partial<Claim> = {}): Claim[] {
  const guess = createReplayGuess();
  const taken: Claim[] = [];
  while (taken.length < count) {
    const claim = newClaim(overrides);
    guess.meet(claim.id);
    if (taken.every(({ id }) => guess.meet(id))) taken.push(claim);
  }
  return taken;
}

export const done = { bytes: new TextEncoder().encode('done'), retentionMs: 3_600_000 };
export const failure = { error: { name: 'Error', message: 'no' }, retentionMs: 3_600_000 };
