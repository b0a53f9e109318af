import type { Claim } from '@twiceproof/core';

export const leaseMs = 300;

/** Where somebody stands who claims the record. */
export type Phase = 'claiming' | 'executing' | 'settling' | 'withdrawing' | 'done';

/**
 * Somebody who keeps to the contract of stores, and is otherwise as bad as can be: asks again at any time,
 * gives up, comes late, dies. Whatever such a one does, the record has to be right.
 */
export class Caller {
  readonly claim: Claim;
  /** What its effect answers. */
  readonly bytes: Uint8Array;
  phase: Phase = 'claiming';
  isDead = false;
  /** When the lease ends as this one must see it. */
  deadline = 0;
  ending: 'value' | 'error' | 'unknown' = 'value';
  /** Its record was deleted under it. */
  isExcused = false;

  constructor(claim: Claim, index: number) {
    this.claim = claim;
    this.bytes = Uint8Array.of(index);
  }
}

export interface ClaimSetting {
  readonly abandoned: 'reexecute' | 'hold';
  readonly retentionMs: number | null;
  readonly fingerprint: string | undefined;
  readonly supersedes?: string | undefined;
  readonly settlesOnly?: boolean | undefined;
}

export function claimOf(index: number, setting: ClaimSetting): Claim {
  return {
    id: 'record',
    environment: 'sim',
    operation: 'work',
    run: 0,
    token: `token ${index}`,
    leaseMs,
    formatVersion: 1,
    ...setting,
  };
}
