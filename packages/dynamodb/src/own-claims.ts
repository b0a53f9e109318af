import type { Kept } from './item.ts';

/**
 * Claims of this process that are not settled yet: who knows what his claim wrote need not have it
 * answered by the write that settles it, and a renewal knows how long the record outlives its lease.
 */
export interface OwnClaims {
  keep(kept: Kept): void;
  /** Undefined for a claim of another process, and for one that was forgotten. */
  of(id: string, token: string): Kept | undefined;
  forget(token: string): void;
}

/** Of those that nobody settles, the oldest are forgotten first. */
const mostClaims = 10_000;

export function createOwnClaims(): OwnClaims {
  const byToken = new Map<string, Kept>();
  return {
    keep(kept) {
      const { token } = kept.record;
      if (!byToken.has(token) && byToken.size === mostClaims) {
        byToken.delete(byToken.keys().next().value!);
      }
      byToken.set(token, kept);
    },
    of(id, token) {
      const kept = byToken.get(token);
      return kept?.record.id === id ? kept : undefined;
    },
    forget: (token) => void byToken.delete(token),
  };
}
