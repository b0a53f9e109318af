import type { Store } from '@twiceproof/core';

/** A store that keeps every record under another id. */
export function renamed(store: Store, rename: (id: string) => string): Store {
  return {
    ...store,
    acquire: (claim, options) => store.acquire({ ...claim, id: rename(claim.id) }, options),
    renew: (id, ...request) => store.renew(rename(id), ...request),
    complete: (id, ...request) => store.complete(rename(id), ...request),
    release: (id, ...request) => store.release(rename(id), ...request),
  };
}
