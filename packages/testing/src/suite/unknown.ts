import assert from 'node:assert/strict';
import { isOutcomeUnknown, recordVersion } from '@twiceproof/core';
import { acquire, acquired, alreadyDone, done, existing, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, assertSameRecord, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

const error = { name: 'TimeoutError', message: 'no answer from the bank' };
const nobodyKnows = failure('', { error, unknown: true });

export const unknownSpecs: readonly StoreSpec[] = specs('unknown outcome', {
  'leaves the record in progress, with its error and without a lease': async ({
    stores: [one, other],
    claim,
  }) => {
    const mine = claim();
    const claimed = await acquire(one, mine);
    const traceparent = `00-${'3'.repeat(32)}-${'4'.repeat(16)}-01`;
    const ended = done(
      await one.release(mine.id, mine.token, { ...nobodyKnows, traceparent, retentionMs: 1 }),
    );
    assertSameRecord(await read(other, mine.id), ended, 'answered as kept');
    assert.equal(ended.status, 'in_progress');
    assert.equal(ended.token, mine.token);
    assert.equal(ended.fence, claimed.fence);
    assert.equal(ended.attempt, 1);
    assert.deepEqual({ ...ended.lastError }, error);
    assert.equal(ended.traceparent, traceparent);
    assert.equal(ended.completedAt, undefined);
    assert.ok(isOutcomeUnknown(ended));
    assert.ok(ended.leaseUntil < claimed.leaseUntil, 'its lease ends now');
    const outlives = ended.expiresAt! - ended.leaseUntil;
    assert.ok(Math.abs(outlives - 3_600_000) <= 1_000, 'retention is the claim’s');
    assert.equal(recordVersion(ended), recordVersion(claimed));
  },

  'is held at once, and never expires where its claim said so': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim({ retentionMs: null, abandoned: 'hold' });
    await acquire(one, mine);
    const renewed = await one.renew(mine.id, mine.token, 120_000);
    assert.ok(renewed);
    const ended = done(await one.release(mine.id, mine.token, nobodyKnows));
    assert.equal(ended.expiresAt, undefined);
    const answer = await changesNothing(one, mine.id, () => other.acquire(rival(mine)));
    assert.deepEqual({ ...existing(answer).lastError }, error);
    assert.ok(answer.leaseRemainingMs <= 0, 'its lease is over');
  },

  'is taken over at once where it is executed again, and the error is gone then': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim();
    const claimed = await acquire(one, mine);
    done(await one.release(mine.id, mine.token, nobodyKnows));
    const next = acquired(await other.acquire(rival(mine)));
    assert.equal(next.attempt, 2);
    assert.equal(next.createdAt, claimed.createdAt);
    assert.ok(next.fence > claimed.fence);
    assert.equal(next.lastError, undefined);
    assert.equal((await read(one, mine.id)).lastError, undefined);
  },

  'gives way to who supersedes it, and stays settled as that one says': async ({
    stores: [one, other],
    claim,
    rival,
  }) => {
    const mine = claim({ retentionMs: null, abandoned: 'hold' });
    await acquire(one, mine);
    const supersedes = recordVersion(done(await one.release(mine.id, mine.token, nobodyKnows)));
    const probe = rival(mine, { supersedes, settlesOnly: true });
    assert.equal(acquired(await other.acquire(probe)).attempt, 1);
    const found = outcome('found');
    done(await other.complete(mine.id, probe.token, found));
    const late = await changesNothing(one, mine.id, () =>
      one.release(mine.id, mine.token, nobodyKnows),
    );
    assert.equal(late.status, 'lost');
    assertBytes((await read(one, mine.id)).outcome, found.bytes);
  },

  'sent again is already done': async ({ stores: [store], claim }) => {
    const mine = claim();
    await acquire(store, mine);
    const first = done(await store.release(mine.id, mine.token, nobodyKnows));
    const again = await changesNothing(store, mine.id, () =>
      store.release(mine.id, mine.token, failure('another', { unknown: true })),
    );
    assertSameRecord(alreadyDone(again), first, 'as the first try left it');
  },

  'is said by nobody but the owner': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await acquire(store, mine);
    const settlement = await changesNothing(store, mine.id, () =>
      store.release(mine.id, rival(mine).token, nobodyKnows),
    );
    assert.equal(settlement.status, 'lost');
  },

  'is said of nothing that has ended': async ({ stores: [store], claim }) => {
    for (const end of ['complete', 'release'] as const) {
      const mine = claim();
      await acquire(store, mine);
      if (end === 'complete') done(await store.complete(mine.id, mine.token, outcome('done')));
      else done(await store.release(mine.id, mine.token, failure('known')));
      const settlement = await changesNothing(store, mine.id, () =>
        store.release(mine.id, mine.token, nobodyKnows),
      );
      assert.equal(settlement.status, 'lost');
    }
  },

  'ends renewals: one that arrives late brings no lease back': async ({
    stores: [store],
    claim,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.release(mine.id, mine.token, nobodyKnows));
    const lease = await changesNothing(store, mine.id, () =>
      store.renew(mine.id, mine.token, 60_000),
    );
    assert.equal(lease, undefined);
  },

  'may still be settled by its owner, as long as nobody has taken it over': async ({
    stores: [store],
    claim,
  }) => {
    const [known, failed] = [claim(), claim()];
    for (const mine of [known, failed]) {
      await acquire(store, mine);
      done(await store.release(mine.id, mine.token, nobodyKnows));
    }
    const recorded = outcome('it did happen');
    const completed = done(await store.complete(known.id, known.token, recorded));
    assert.equal(completed.lastError, undefined);
    const record = await read(store, known.id);
    assert.equal(record.lastError, undefined);
    assertBytes(record.outcome, recorded.bytes);
    done(await store.release(failed.id, failed.token, failure('it did not')));
    assert.equal((await read(store, failed.id)).status, 'failed');
  },
});
