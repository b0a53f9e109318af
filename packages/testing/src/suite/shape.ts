import assert from 'node:assert/strict';
import type { Claim, Store } from '@twiceproof/core';
import { acquire, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** The whole life of two records. */
async function liveThrough(store: Store, mine: Claim, other: Claim, rival: Claim): Promise<void> {
  await acquire(store, mine);
  assert.ok(await store.renew(mine.id, mine.token, 60_000));
  done(await store.complete(mine.id, mine.token, outcome('done')));
  existing(await store.acquire(rival));
  assert.equal((await read(store, mine.id)).status, 'completed');
  await acquire(store, other);
  done(await store.release(other.id, other.token, failure('try again')));
  assert.equal((await store.list({ operation: mine.operation, limit: 10 })).records.length, 2);
  assert.equal(await store.delete(mine.id), true);
  assert.equal(await store.delete(other.id), true);
}

/** The store with every method called as a function, without an object before the dot. */
function withoutThis(store: Store): Store {
  const detached = Object.entries(store).map(([name, value]) => {
    return [name, typeof value === 'function' ? value.bind(undefined) : value];
  });
  return Object.fromEntries(detached);
}

export const shapeSpecs: readonly StoreSpec[] = specs('shape', {
  'says its name and its limit': async ({ stores: [store] }) => {
    assert.match(store.name, /^[a-z][a-z0-9_-]*$/);
    const { maxRecordBytes } = store.limits;
    assert.ok(Number.isSafeInteger(maxRecordBytes) && maxRecordBytes > 0);
  },

  'its methods need no this': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await liveThrough(withoutThis(store), mine, claim(), rival(mine));
  },

  'a copy made by spreading is as good': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await liveThrough({ ...store }, mine, claim(), rival(mine));
  },
});
