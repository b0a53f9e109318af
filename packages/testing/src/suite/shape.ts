import assert from 'node:assert/strict';
import type { Claim, Store } from '@idemkit/core';
import { acquire, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** The whole life of two records, through functions taken off the store. */
async function liveThrough(store: Store, mine: Claim, other: Claim, rival: Claim): Promise<void> {
  const { acquire: claim, renew, complete, release, get, delete: remove, list } = store;
  assert.equal((await claim(mine)).status, 'acquired');
  assert.ok(await renew(mine.id, mine.token, 60_000));
  done(await complete(mine.id, mine.token, outcome('done')));
  existing(await claim(rival));
  assert.equal((await get(mine.id))?.status, 'completed');
  assert.equal((await claim(other)).status, 'acquired');
  done(await release(other.id, other.token, failure('try again')));
  assert.equal((await list({ operation: mine.operation, limit: 10 })).records.length, 2);
  assert.equal(await remove(mine.id), true);
  assert.equal(await remove(other.id), true);
}

export const shapeSpecs: readonly StoreSpec[] = specs('shape', {
  'says its name and its limit': async ({ stores: [store] }) => {
    assert.match(store.name, /^[a-z][a-z0-9_-]*$/);
    const { maxRecordBytes } = store.limits;
    assert.ok(Number.isSafeInteger(maxRecordBytes) && maxRecordBytes > 0);
  },

  'its methods need no this': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await liveThrough(store, mine, claim(), rival(mine));
  },

  'a copy made by spreading is as good': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await liveThrough({ ...store }, mine, claim(), rival(mine));
    const seen = claim();
    await acquire({ ...store }, seen);
    await read(store, seen.id);
  },
});
