import type { Store } from '@twiceproof/core';
import { now } from '../now.ts';
import { around } from './around.ts';

interface Noting {
  readonly noting: Store;
  /** Of the latest claim that was granted here. */
  readonly claimOf: (id: string) => { readonly token: string; readonly claimedAt: number };
}

/** The same store, with the token and the time of each record's last claim. */
export function notingClaims(store: Store): Noting {
  const claims = new Map<string, { token: string; claimedAt: number }>();
  const acquire: Store['acquire'] = async (claim, options) => {
    const noted = { token: claim.token, claimedAt: now() };
    const acquisition = await store.acquire(claim, options);
    if (acquisition.status === 'acquired') claims.set(claim.id, noted);
    return acquisition;
  };
  return { noting: around(store, { acquire }), claimOf: (id: string) => claims.get(id)! };
}
