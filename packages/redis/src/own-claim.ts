import type { Claim } from '@twiceproof/core';

/** A claim that this process made, and what it took the server's clock to be. */
export interface OwnClaim {
  readonly claim: Claim;
  readonly now: number;
  /** What was written. */
  readonly value: string;
}
