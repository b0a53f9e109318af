import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const renewSpecs: readonly StoreSpec[] = specs('renew', {
  'sets the lease to the asked length, counted from now': async ({ stores: [store], claim }) => {
    const mine = claim({ leaseMs: 30_000 });
    const before = await acquire(store, mine);
    const lease = await store.renew(mine.id, mine.token, 90_000);
    assert.ok(lease, 'the owner renews');
    assert.ok(
      lease.remainingMs <= 90_000 && lease.remainingMs > 75_000,
      `what is left of a lease of 90000 ms should not be ${lease.remainingMs}`,
    );
    const after = await read(store, mine.id);
    assert.ok(after.leaseUntil - before.leaseUntil > 45_000, 'the record says so');
    assert.equal(after.attempt, 1);
    assert.equal(after.startedAt, before.startedAt);
    assert.equal(recordVersion(after), recordVersion(before), 'its version stays the same');
  },

  'keeps others away beyond the first lease': async ({
    stores: [one, other],
    claim,
    rival,
    shortMs,
    outlast,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    await acquire(one, mine);
    assert.ok(await one.renew(mine.id, mine.token, 60_000));
    await outlast(shortMs);
    const answer = await other.acquire(rival(mine));
    assert.equal(existing(answer).token, mine.token);
    assert.ok(answer.leaseRemainingMs > 0);
  },

  'lets a lease outlive the retention that was given with the claim': async ({
    stores: [one, other],
    claim,
    rival,
    meanwhile,
    outlast,
  }) => {
    const { mine, firstMs } = await meanwhile('lease and retention', async (firstMs) => {
      const mine = claim({ leaseMs: firstMs / 2, retentionMs: firstMs / 2 });
      await acquire(one, mine);
      return (await one.renew(mine.id, mine.token, 60_000)) && { mine, firstMs };
    });
    await outlast(firstMs);
    assert.equal((await read(one, mine.id)).status, 'in_progress');
    existing(await other.acquire(rival(mine)));
    done(await one.complete(mine.id, mine.token, outcome('done')));
  },

  'gives a lease that is over back to its owner, if nobody took it': async ({
    stores: [one, other],
    claim,
    rival,
    shortMs,
    outlast,
  }) => {
    const mine = claim({ leaseMs: shortMs });
    await acquire(one, mine);
    await outlast(shortMs);
    assert.ok(await one.renew(mine.id, mine.token, 60_000));
    existing(await other.acquire(rival(mine)));
  },

  'refuses everybody but the owner, and changes nothing': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const lease = await changesNothing(store, mine.id, () =>
      store.renew(mine.id, rival(mine).token, 90_000),
    );
    assert.equal(lease, undefined);
  },

  'never creates a record': async ({ stores: [store], claim }) => {
    const mine = claim();
    assert.equal(await store.renew(mine.id, mine.token, 60_000), undefined);
    assert.equal(await store.get(mine.id), undefined);
  },

  'never revives a completed record': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.complete(mine.id, mine.token, outcome('done')));
    const lease = await changesNothing(store, mine.id, () =>
      store.renew(mine.id, mine.token, 60_000),
    );
    assert.equal(lease, undefined);
  },

  'never revives a failed record': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, failure('try again')));
    const lease = await changesNothing(store, mine.id, () =>
      store.renew(mine.id, mine.token, 60_000),
    );
    assert.equal(lease, undefined);
  },
});
