import type { StoredRecord } from '@twiceproof/core';

/** Claims of this process that are not settled yet: who knows what his claim wrote need not have it answered. */
export interface OwnClaims {
  keep(record: StoredRecord): void;
  /** Undefined for a claim of another process, and for one that was forgotten. */
  of(id: string, token: string): StoredRecord | undefined;
  forget(token: string): void;
}

/** Of those that nobody settles, the oldest are forgotten first. */
const mostClaims = 10_000;

export function createOwnClaims(): OwnClaims {
  const byToken = new Map<string, StoredRecord>();
  return {
    keep(record) {
      const { token } = record;
      if (!byToken.has(token) && byToken.size === mostClaims) {
        byToken.delete(byToken.keys().next().value!);
      }
      byToken.set(token, record);
    },
    of(id, token) {
      const record = byToken.get(token);
      return record?.id === id ? record : undefined;
    },
    forget: (token) => void byToken.delete(token),
  };
}
