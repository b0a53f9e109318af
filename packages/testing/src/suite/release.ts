import assert from 'node:assert/strict';
import { acquire, acquired, done, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const releaseSpecs: readonly StoreSpec[] = specs('release', {
  'keeps the failed attempt and its error for operators': async ({
    stores: [one, other],
    claim,
  }) => {
    const mine = claim();
    const claimed = await acquire(one, mine);
    const error = { name: 'TimeoutError', message: 'no answer from the bank' };
    const failed = done(await one.release(mine.id, mine.token, failure('', { error })));
    assert.equal(failed.status, 'failed');
    const record = await read(other, mine.id);
    assertSameRecord(record, failed, 'answered as kept');
    assert.deepEqual({ ...record.lastError }, error);
    assert.equal(record.attempt, 1);
    assert.equal(record.fence, claimed.fence);
    assert.equal(record.outcome, undefined);
    assert.ok(record.completedAt !== undefined && record.completedAt >= record.startedAt);
    assert.ok(record.expiresAt !== undefined);
    const retention = record.expiresAt - record.completedAt;
    assert.ok(Math.abs(retention - 3_600_000) <= 1_000, 'retention counts from the failure');
  },

  'lets the next call execute at once': async ({ stores: [one, other], claim, rival }) => {
    const mine = claim();
    await acquire(one, mine);
    done(await one.release(mine.id, mine.token, failure('try again')));
    acquired(await other.acquire(rival(mine)));
  },

  'refuses everybody but the owner, and changes nothing': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    const settlement = await changesNothing(store, mine.id, () =>
      store.release(mine.id, rival(mine).token, failure('not mine')),
    );
    assert.equal(settlement.status, 'lost');
  },

  'never creates a missing record': async ({ stores: [store], claim }) => {
    const mine = claim();
    const settlement = await store.release(mine.id, mine.token, failure('of nothing'));
    assert.equal(settlement.status, 'lost');
    assert.equal(await store.get(mine.id), undefined);
  },

  'never frees a completed record': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    const recorded = outcome('done');
    done(await store.complete(mine.id, mine.token, recorded));
    const settlement = await changesNothing(store, mine.id, () =>
      store.release(mine.id, mine.token, failure('by mistake')),
    );
    assert.equal(settlement.status, 'lost');
    assertBytes((await read(store, mine.id)).outcome, recorded.bytes);
  },
});
