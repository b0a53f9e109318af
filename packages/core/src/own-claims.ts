/**
 * What a store knows of this process' claims that are not settled yet: who knows what his claim wrote need
 * not have it answered. A claim that is not here, or no longer, costs a longer answer and nothing else.
 */
export interface OwnClaims<Known> {
  /** Takes the place of what was known of the token's claim. */
  keep(token: string, known: Known): void;
  /** Undefined for a claim of another process, and for one that was forgotten. */
  of(id: string, token: string): Known | undefined;
  forget(token: string): void;
}

/** Of those that nobody settles, the oldest are forgotten first. */
const mostClaims = 10_000;

/**
 * For a store to remember what its process' claims have written; 10,000 at most, of which the oldest are forgotten
 * first. `idOf` says which record it is that something is known of.
 *
 * @example
 * ```ts
 * import type { StoredRecord } from '@twiceproof/core';
 * import { createOwnClaims } from '@twiceproof/core/toolkit';
 *
 * export const ownClaims = createOwnClaims<StoredRecord>(({ id }) => id);
 * ```
 */
export function createOwnClaims<Known>(idOf: (known: Known) => string): OwnClaims<Known> {
  const byToken = new Map<string, Known>();
  return {
    keep(token, known) {
      if (byToken.size >= mostClaims && !byToken.has(token)) {
        byToken.delete(byToken.keys().next().value!);
      }
      byToken.set(token, known);
    },
    of(id, token) {
      const known = byToken.get(token);
      return known !== undefined && idOf(known) === id ? known : undefined;
    },
    forget: (token) => void byToken.delete(token),
  };
}
