import type { Claim } from '@twiceproof/core';

/** A claim that this process made, and what it took the server's clock to be. */
export interface OwnClaim {
  readonly claim: Claim;
  readonly now: number;
  /** What was written. */
  readonly value: string;
}

/**
 * Claims of this process that are not settled yet: the server need not send back what was sent to it.
 * A claim that is not here, or no longer, costs its settlement a longer answer and nothing else.
 */
export interface OwnClaims {
  remember(claim: Claim, now: number, value: string): void;
  find(id: string, token: string): OwnClaim | undefined;
  forget(token: string): void;
}

const mostClaims = 10_000;

export function createOwnClaims(): OwnClaims {
  const claims = new Map<string, OwnClaim>();
  return {
    remember(claim, now, value) {
      if (claims.size === mostClaims) claims.delete(claims.keys().next().value!);
      claims.set(claim.token, { claim, now, value });
    },
    find(id, token) {
      const found = claims.get(token);
      return found?.claim.id === id ? found : undefined;
    },
    forget(token) {
      claims.delete(token);
    },
  };
}
