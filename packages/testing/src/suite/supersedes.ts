import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, done, existing, granted, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const supersedesSpecs: readonly StoreSpec[] = specs('supersedes', {
  'claims a completed record that is still at this version': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim();
    const first = await acquire(one, mine);
    const completed = done(await one.complete(mine.id, mine.token, outcome('done')));
    const record = await acquire(other, rival(mine, { supersedes: recordVersion(completed) }));
    assert.equal(record.status, 'in_progress');
    assert.equal(record.attempt, 2);
    assert.ok(record.fence > first.fence);
    const kept = await read(one, mine.id);
    assert.equal(kept.outcome, undefined, 'the outcome that was superseded is gone');
    assert.equal(kept.completedAt, undefined);
  },

  'claims a failed record that is still at this version': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const failed = done(await store.release(mine.id, mine.token, failure('try again')));
    const record = await acquire(store, rival(mine, { supersedes: recordVersion(failed) }));
    assert.equal(record.attempt, 2);
  },

  'counts no attempt when the record is only to be settled': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const failed = done(await store.release(mine.id, mine.token, failure('try again')));
    const verdict = rival(mine, { supersedes: recordVersion(failed), settlesOnly: true });
    const record = await acquire(store, verdict);
    assert.equal(record.attempt, 1);
    assert.ok(record.fence > failed.fence);
    done(await store.release(mine.id, verdict.token, failure('once more')));
    assert.equal((await acquire(store, rival(mine))).attempt, 2);
  },

  'claims nothing at another version': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    const seen = recordVersion(await acquire(store, mine));
    const superseding = () => rival(mine, { supersedes: seen });
    done(await store.complete(mine.id, mine.token, outcome('done')));
    const completed = await changesNothing(store, mine.id, () => store.acquire(superseding()));
    assert.equal(existing(completed).status, 'completed');
    const other = claim();
    await acquire(store, other);
    done(await store.release(other.id, other.token, failure('try again')));
    const failed = await changesNothing(store, other.id, () =>
      store.acquire(rival(other, { supersedes: seen })),
    );
    assert.equal(existing(failed).status, 'failed');
  },

  'claims nothing that a live lease holds': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    const supersedes = recordVersion(await acquire(store, mine));
    const answer = await changesNothing(store, mine.id, () =>
      store.acquire(rival(mine, { supersedes })),
    );
    assert.equal(existing(answer).token, mine.token);
  },

  'claims a held record once its lease is over': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    outlast,
    eventually,
  }) => {
    const mine = claim({ leaseMs: shortMs, abandoned: 'hold' });
    const supersedes = recordVersion(await acquire(store, mine));
    await outlast(shortMs);
    const superseding = rival(mine, { supersedes, leaseMs: 60_000 });
    const record = await eventually('claim of the held record', () => granted(store, superseding));
    assert.equal(record.attempt, 2);
  },

  'claims an absent record like any other claim': async ({ stores: [store], claim }) => {
    const record = await acquire(store, claim({ supersedes: '1.completed.never' }));
    assert.equal(record.attempt, 1);
  },

  'lets exactly one of many claim': async ({ stores, claim, rival }) => {
    const mine = claim();
    await acquire(stores[0], mine);
    const completed = done(await stores[0].complete(mine.id, mine.token, outcome('done')));
    const supersedes = recordVersion(completed);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => stores[at % 2]!.acquire(rival(mine, { supersedes }))),
    );
    assert.equal(answers.filter((answer) => answer.status === 'acquired').length, 1);
  },
});
